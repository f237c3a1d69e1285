// Writes resources/errors.md from the locale files: every id, an error with what happened, why, and what to do; a diagnosis' cause with what it says. A test keeps it current.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { causeIds } from '../electron/contract/diagnosis.ts'
import { errorIds } from '../electron/contract/errors.ts'
import { root } from './steps.ts'

const languages = ['zh-CN', 'en']

/** What a locale file has at a path. */
const wordsOf = (language: string, file: string, path: string): Record<string, string> => {
  const all = JSON.parse(readFileSync(join(root, 'resources/locales', language, `${file}.json`), 'utf8'))
  return path.split('.').reduce((inner, part) => inner[part], all)
}

/** Facts stand in braces: `{path}`; so does a sentence that one of them chooses. */
const plain = (text: string): string =>
  text
    .replace(/\$t\([^)]*\{\{(\w+)\}\}\)/g, '{{$1}}')
    .replaceAll('{{', '{')
    .replaceAll('}}', '}')

const errorChapter = (language: string, code: string): string => {
  const { what = '', why = '', next = '' } = wordsOf(language, 'errors', code)
  return `**${plain(what)}**\n\n${plain(why)} ${plain(next)}`
}

const causeChapter = (language: string, cause: string): string => {
  const { title = '', so = '' } = wordsOf(language, 'diagnosis', `causes.${cause}`)
  return `**${plain(title)}**\n\n${plain(so)}`
}

const chapters = (ids: Readonly<Record<string, string>>, told: (language: string, name: string) => string): string =>
  Object.entries(ids)
    .toSorted(([, a], [, b]) => a.localeCompare(b))
    .map(([name, id]) => `## ${id}\n\n\`${name}\`\n\n${languages.map(language => told(language, name)).join('\n\n')}\n`)
    .join('\n')

export const errorDocs = (): string =>
  [
    '# Errors by id · 错误编号\n\nWords in braces stand for facts of the case. 花括号里的词会换成当时的情况。\n',
    chapters(errorIds, errorChapter),
    '# Why is it not ready? · 为什么没有就绪\n\nCauses that the Cluster screen, the labs and `khw diagnose` name; each comes with its evidence and the next command.\n集群页、实验和 `khw diagnose` 说出的原因；每个都带着根据和下一步的命令。\n',
    chapters(causeIds, causeChapter),
  ].join('\n')

export const errorDocsPath = join(root, 'resources/errors.md')

if (import.meta.main) writeFileSync(errorDocsPath, errorDocs())
