// Writes resources/errors.md from the locale files: every error id with what happened, why, and what to do. A test keeps it current.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorIds } from '../electron/contract/errors.ts'
import { root } from './steps.ts'

interface Words {
  what: string
  why: string
  next: string
}

const wordsOf = (language: string, code: string): Words => {
  const all = JSON.parse(readFileSync(join(root, 'resources/locales', language, 'errors.json'), 'utf8'))
  return code.split('.').reduce((inner, part) => inner[part], all)
}

/** Facts stand in braces: `{path}`. */
const plain = (text: string): string => text.replaceAll('{{', '{').replaceAll('}}', '}')

export const errorDocs = (): string => {
  const entries = Object.entries(errorIds).toSorted(([, a], [, b]) => a.localeCompare(b))
  const chapters = entries.map(([code, id]) => {
    const said = ['zh-CN', 'en'].map(language => {
      const { what, why, next } = wordsOf(language, code)
      return `**${plain(what)}**\n\n${plain(why)} ${plain(next)}`
    })
    return `## ${id}\n\n\`${code}\`\n\n${said.join('\n\n')}\n`
  })
  return `# Errors by id · 错误编号\n\nWords in braces stand for facts of the case. 花括号里的词会换成当时的情况。\n\n${chapters.join('\n')}`
}

export const errorDocsPath = join(root, 'resources/errors.md')

if (import.meta.main) writeFileSync(errorDocsPath, errorDocs())
