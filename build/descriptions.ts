// The words of `kubectl explain`, taken while building from the doc comments of the pinned @kubernetes/client-node.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'
import type { Descriptions } from '../electron/practice/api/schema/descriptions.ts'

const root = resolve(import.meta.dirname, '..')
const schema = join(root, 'electron/practice/api/schema')
const models = join(root, 'node_modules/@kubernetes/client-node/dist/gen/models')

const capital = (word: string): string => `${word[0]!.toUpperCase()}${word.slice(1)}`

/** The client's file for a type; it puts the package before a name that several packages have. */
const modelOf = (home: string, type: string): string | undefined =>
  (home === 'autoscaling2' ? [`V2${type}`] : [`${capital(home)}V1${type}`, `V1${type}`])
    .map(name => join(models, `${name}.d.ts`))
    .find(path => existsSync(path))

const wordsOf = (comment: string): string =>
  comment
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replaceAll(/\\(["'])/g, '$1')
    .replaceAll('*_/', '*/')
    .trim()

/** The words in one class of the client's. */
export const parseModel = (text: string): Record<string, string> => {
  const words: Record<string, string> = {}
  // A comment and what follows it: the class, or a field with its name in quotes.
  for (const [, comment, field] of text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export declare class|'(\w+)'\??:)/g))
    words[(field ?? '').replace(/^_/, '')] = wordsOf(comment!)
  return words
}

/** The words of every type in the field tables. */
export const readDescriptions = (): Descriptions => {
  const all: Record<string, Record<string, string>> = {}
  for (const file of readdirSync(schema)) {
    const home = file.replace(/\.ts$/, '')
    const table = new RegExp(`export const ${home} = \`([^\`]*)\``).exec(readFileSync(join(schema, file), 'utf8'))?.[1] ?? ''
    for (const line of table.split('\n').filter(Boolean)) {
      const type = line.split(' ', 1)[0]!
      const path = modelOf(home, type)
      if (path) all[`${home}.${type}`] = parseModel(readFileSync(path, 'utf8'))
    }
  }
  return all
}

/** Fills the empty module in the practice cluster; its own chunk, which only OpenAPI loads. */
export const descriptionsPlugin = (): Plugin => ({
  name: 'descriptions',
  load: id =>
    id.endsWith('/practice/api/schema/descriptions.ts')
      ? `export const descriptions = JSON.parse(${JSON.stringify(JSON.stringify(readDescriptions()))})`
      : undefined,
})
