// One kubeconfig's text with the places of its lists: what an edit needs to leave every other byte as it was. Pure.

import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import * as z from 'zod/mini'
import { type Entry, type Section, sections } from './entries.ts'

const entries = z.nullish(z.array(z.looseObject({ name: z.string() })))
const shape = z.looseObject({
  apiVersion: z.nullish(z.literal('v1')),
  kind: z.nullish(z.literal('Config')),
  clusters: entries,
  users: entries,
  contexts: entries,
  'current-context': z.nullish(z.string()),
})
export type Value = z.infer<typeof shape>

export interface Kubeconfig {
  text: string
  value: Value
  /** Null where the file holds nothing, or comments only. */
  root: YAMLMap | null
  current: string
  entries(section: Section): readonly Entry[]
}

export type Parsed = { ok: true; kubeconfig: Kubeconfig } | { ok: false; line?: number; message: string }

/** Why kubectl itself would refuse the list: two entries of one name. */
const twice = (value: Value): string | undefined => {
  for (const section of sections) {
    const names = (value[section] ?? []).map(({ name }) => name)
    const name = names.find((each, at) => names.indexOf(each) !== at)
    if (name !== undefined) return `${section}: duplicate name "${name}"`
  }
  return undefined
}

const toValue = (document: Document.Parsed<ParsedNode>): { value: unknown } | { message: string } => {
  try {
    return { value: document.toJS() ?? {} }
  } catch (error) {
    // Aliases that multiply without end.
    return { message: error instanceof Error ? error.message : String(error) }
  }
}

/** YAML knows no control characters but these; kubectl refuses a file with others, and our parser takes them for letters. */
const control = /[^\P{Cc}\t\n\r\x85]/u

/** Where such a character stands, or -1. */
export const controlAt = (text: string): number => text.search(control)

/** The first line where YAML is wrong, or the first field that a kubeconfig cannot have. */
export const parseKubeconfig = (text: string): Parsed => {
  const at = controlAt(text)
  if (at >= 0) return { ok: false, line: text.slice(0, at).split('\n').length, message: 'control characters are not allowed' }
  const document = parseDocument(text, { keepSourceTokens: true, prettyErrors: false, merge: true })
  const wrong = document.errors[0]
  if (wrong !== undefined) return { ok: false, line: text.slice(0, wrong.pos[0]).split('\n').length, message: wrong.message }
  const plain = toValue(document)
  if ('message' in plain) return { ok: false, message: plain.message }
  const read = shape.safeParse(plain.value)
  const issue = read.error?.issues[0]
  if (!read.success) return { ok: false, message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` }
  const duplicate = twice(read.data)
  if (duplicate !== undefined) return { ok: false, message: duplicate }
  const root = isMap(document.contents) ? (document.contents as YAMLMap) : null
  const kubeconfig: Kubeconfig = {
    text,
    value: read.data,
    root,
    current: read.data['current-context'] ?? '',
    entries: section => read.data[section] ?? [],
  }
  return { ok: true, kubeconfig }
}

/** Characters [from, until) become `text`. */
export interface Edit {
  from: number
  until: number
  text: string
}

/** Edits at one place keep their order; they never overlap. */
export const applyEdits = (text: string, edits: readonly Edit[]): string => {
  const parts: string[] = []
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.from - b.from || a.until - b.until)) {
    parts.push(text.slice(at, edit.from), edit.text)
    at = edit.until
  }
  return parts.join('') + text.slice(at)
}

/** The file's own way to end a line. */
export const lineEnding = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

/** Past the end of the line that holds the character before `at`. */
export const afterLine = (text: string, at: number): number => {
  if (at > 0 && text[at - 1] === '\n') return at
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

const rangeOf = (node: Node | null | undefined): readonly [number, number, number] => node?.range ?? [0, 0, 0]
export const startOf = (node: Node): number => rangeOf(node)[0]
export const isFlow = (node: YAMLMap | YAMLSeq): boolean => node.flow === true

/** Where a node's last written character is; block lists count white space and comments behind them as their own. */
export const contentEnd = (node: Node): number => {
  if (isMap(node) && !isFlow(node)) {
    const last = node.items.at(-1)
    if (last !== undefined) return contentEnd((last.value ?? last.key) as Node)
  }
  if (isSeq(node) && !isFlow(node)) {
    const last = node.items.at(-1)
    if (last !== undefined) return contentEnd(last as Node)
  }
  return rangeOf(node)[1]
}

export interface Field {
  value: Node | null
  /** Just behind the key's colon. */
  colon: number
}

/** A key of the root map. */
export const fieldOf = (root: YAMLMap, key: string): Field | undefined => {
  const pair = root.items.find(item => isScalar(item.key) && item.key.value === key)
  if (pair === undefined) return undefined
  const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind')
  if (colon === undefined) return undefined
  return { value: pair.value as Node | null, colon: colon.offset + 1 }
}

/** Offset of the dash of a block list's item. */
export const dashOf = (list: YAMLSeq, index: number): number | undefined => {
  const source = list.srcToken
  if (source?.type !== 'block-seq') return undefined
  return source.items[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset
}
