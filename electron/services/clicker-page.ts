// The clicker's page: three files of resources/clicker, the HTML with its words in the reader's language.

import { join } from 'node:path'
import type { Language } from '../contract/shapes.ts'
import { readText } from '../platform/files.ts'
import type { Translate } from '../platform/locales.ts'

const files: Readonly<Record<string, { name: string; type: string }>> = {
  '/': { name: 'clicker.html', type: 'text/html; charset=utf-8' },
  '/clicker.css': { name: 'clicker.css', type: 'text/css; charset=utf-8' },
  '/clicker.js': { name: 'clicker.js', type: 'text/javascript; charset=utf-8' },
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, sign => escapes[sign] ?? '')

/** A file by its path; undefined for anything but these three. */
export const createClickerPage =
  (folder: string, words: () => { language: Language; t: Translate }) =>
  async (path: string): Promise<{ type: string; text: string } | undefined> => {
    const file = Object.hasOwn(files, path) ? files[path] : undefined
    const text = file && (await readText(join(folder, file.name)))
    if (file === undefined || text === undefined) return undefined
    if (path !== '/') return { type: file.type, text }
    const { language, t } = words()
    const said = text.replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => escaped(t(`talk:clicker.page.${word}`)))
    return { type: file.type, text: said.replace('lang="zh-CN"', `lang="${language}"`) }
  }
