// Puts our entries into a kubeconfig's text and takes them out again, in the file's own style: block YAML, flow YAML or JSON. Pure.

import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, type Node, stringify, type YAMLMap, type YAMLSeq } from 'yaml'
import {
  afterLine,
  applyEdits,
  contentEnd,
  dashOf,
  type Edit,
  fieldOf,
  isFlow,
  type Kubeconfig,
  lineEnding,
  lineStart,
  parseKubeconfig,
  startOf,
  type Value,
} from './document.ts'
import { type Entries, type Entry, isOurs, type Section, sections } from './entries.ts'

/** No folded lines, no anchors: as kubectl writes it. */
const plain = { lineWidth: 0, aliasDuplicateObjects: false } as const

const insertAt = (at: number, text: string): Edit => ({ from: at, until: at, text })

/** A block list's items, each line behind `indent`. */
const blockItems = (list: readonly Entry[], indent: string, eol: string): string =>
  stringify(list, plain)
    .trimEnd()
    .split('\n')
    .map(line => indent + line + eol)
    .join('')

/** Whole lines put where a line ends; a file whose last line has no end gets one first. */
const linesAt = (text: string, at: number, lines: string): Edit =>
  insertAt(at, at > 0 && text[at - 1] !== '\n' ? lineEnding(text) + lines : lines)

/** White space before `at` where nothing else stands on its line before it. */
const indentAt = (text: string, at: number): string | undefined => {
  const indent = text.slice(lineStart(text, at), at)
  return /^[\s\uFEFF]*$/.test(indent) ? indent.replace('\uFEFF', '') : undefined
}

/** JSON, on as many lines as its neighbour takes. */
const flowText = (value: unknown, text: string, neighbour: Node | undefined): string => {
  const indent = neighbour === undefined ? undefined : indentAt(text, startOf(neighbour))
  if (indent === undefined) return JSON.stringify(value)
  const eol = lineEnding(text)
  const isOpen = text.slice(startOf(neighbour as Node), contentEnd(neighbour as Node)).includes('\n')
  return JSON.stringify(value, undefined, isOpen ? indentStep(indent) : undefined).replaceAll('\n', eol + indent)
}

const indentStep = (indent: string): string => (indent.includes('\t') ? '\t' : indent.length % 4 === 0 ? '    ' : '  ')

/** Behind the last item of a flow list or map, on a line of its own where the others have theirs. */
const flowInsert = (text: string, container: YAMLMap | YAMLSeq, makeItem: (neighbour: Node | undefined) => string): Edit => {
  const last = container.items.at(-1)
  if (last === undefined) return insertAt(startOf(container) + 1, makeItem(undefined))
  const first = container.items[0]
  const node = (item: typeof last): Node => ('key' in (item as object) ? (item as { key: Node }).key : item) as Node
  const end = 'key' in (last as object) ? (last as { key: Node; value: Node | null }) : undefined
  const at = contentEnd(end === undefined ? (last as Node) : (end.value ?? end.key))
  const indent = indentAt(text, startOf(node(first as typeof last)))
  return insertAt(at, (indent === undefined ? ', ' : `,${lineEnding(text)}${indent}`) + makeItem(node(first as typeof last)))
}

const insertEntry = (text: string, root: YAMLMap, section: Section, entry: Entry): Edit => {
  const eol = lineEnding(text)
  const field = fieldOf(root, section)
  if (isFlow(root) && field === undefined) {
    return flowInsert(text, root, () => `${JSON.stringify(section)}: [${JSON.stringify(entry)}]`)
  }
  if (field === undefined) {
    const indent = indentAt(text, startOf(root)) ?? ''
    const lines = `${indent}${section}:${eol}${blockItems([entry], indent, eol)}`
    return linesAt(text, afterLine(text, contentEnd(root)), lines)
  }
  const list = field.value
  if (isSeq(list) && !isFlow(list) && list.items.length > 0) {
    const indent = indentAt(text, dashOf(list, 0) ?? 0) ?? ''
    return linesAt(text, afterLine(text, contentEnd(list)), blockItems([entry], indent, eol))
  }
  if (isSeq(list) && (isFlow(root) || list.items.length > 0)) {
    return flowInsert(text, list, neighbour => flowText(entry, text, neighbour))
  }
  if (isFlow(root)) return replaceValue(text, list, field.colon, `[${JSON.stringify(entry)}]`)
  // Nothing, null or []: the list takes its place, on lines of its own.
  const indent = indentAt(text, startOf(root)) ?? ''
  return replaceValue(text, list, field.colon, eol + blockItems([entry], indent, eol).trimEnd())
}

/** A value in place of a scalar or an empty list; behind the colon where nothing is written yet. */
const replaceValue = (text: string, value: Node | null, colon: number, fresh: string): Edit => {
  const [from, until] = value?.range ?? [colon, colon]
  const isLines = /^\s/.test(fresh)
  if (value === null || until <= from) return insertAt(colon, isLines ? fresh : ` ${fresh}`)
  // Lines leave no white space behind the colon.
  const isAlone = isLines && text.slice(colon, from).trim() === ''
  return { from: isAlone ? colon : from, until, text: fresh }
}

const nameText = (root: YAMLMap, name: string): string =>
  isFlow(root) || name === '' ? JSON.stringify(name) : stringify(name, plain).trimEnd()

const setCurrent = (text: string, root: YAMLMap, name: string): Edit => {
  const field = fieldOf(root, 'current-context')
  const value = nameText(root, name)
  if (field !== undefined) return replaceValue(text, field.value, field.colon, value)
  if (isFlow(root)) return flowInsert(text, root, () => `"current-context": ${value}`)
  const indent = indentAt(text, startOf(root)) ?? ''
  return linesAt(text, afterLine(text, contentEnd(root)), `${indent}current-context: ${value}${lineEnding(text)}`)
}

const removeItems = (text: string, list: YAMLSeq, indexes: readonly number[], colon: number): Edit[] => {
  const nodes = list.items as Node[]
  const isEmptied = indexes.length === nodes.length
  if (!isFlow(list)) {
    const edits = indexes.map(index => ({
      from: lineStart(text, dashOf(list, index) ?? 0),
      until: afterLine(text, contentEnd(nodes[index] as Node)),
      text: '',
    }))
    return isEmptied ? [insertAt(colon, ' []'), ...edits] : edits
  }
  if (isEmptied) {
    const first = nodes[0] as Node
    return [{ from: startOf(first), until: contentEnd(nodes.at(-1) as Node), text: '' }]
  }
  return indexes.map(index => {
    const before = nodes[index - 1]
    const from = before === undefined ? startOf(nodes[index] as Node) : contentEnd(before)
    const until = before === undefined ? startOf(nodes[index + 1] as Node) : contentEnd(nodes[index] as Node)
    return { from, until, text: '' }
  })
}

/** The edited text, if it says exactly what was meant and nothing else; undefined where this file's style is beyond us. */
const checked = (text: string, expected: Value): string | undefined => {
  const parsed = parseKubeconfig(text)
  return parsed.ok && isDeepStrictEqual(parsed.kubeconfig.value, expected) ? text : undefined
}

/** A kubeconfig's text with our entries added, and with `current` as its current-context unless undefined. */
export const insert = ({ text, value, root }: Kubeconfig, entries: Entries | undefined, current: string | undefined) => {
  const expected: Value = { ...value }
  if (entries !== undefined) for (const section of sections) expected[section] = [...(value[section] ?? []), entries[section]]
  if (current !== undefined) expected['current-context'] = current
  if (root === null) {
    const fresh: Value = { apiVersion: 'v1', kind: 'Config', ...expected }
    const eol = lineEnding(text)
    const lines = stringify(fresh, plain).replaceAll('\n', eol)
    // What is written is a null of some kind, or comments, which stay.
    const kept = text.replace(/^(\uFEFF?(?:\s|#.*)*)(?:null|~)?/, '$1')
    return checked(applyEdits(kept, [linesAt(kept, kept.length, lines)]), fresh)
  }
  if (!isMap(root)) return undefined
  const edits: Edit[] = []
  // Where the last list of a file ends, a new field begins: the list's item comes first.
  const isNew = (section: Section) => Number(fieldOf(root, section) === undefined)
  const ordered = sections.toSorted((a, b) => isNew(a) - isNew(b))
  if (entries !== undefined) for (const section of ordered) edits.push(insertEntry(text, root, section, entries[section]))
  // So does a value that is filled in where the file ends.
  if (current !== undefined && fieldOf(root, 'current-context') !== undefined) edits.unshift(setCurrent(text, root, current))
  else if (current !== undefined) edits.push(setCurrent(text, root, current))
  return checked(applyEdits(text, together(root, edits)), expected)
}

/** Edits at one place: commas between the first fields of an empty object, and only one end for a last line without one. */
const together = (root: YAMLMap, edits: readonly Edit[]): Edit[] =>
  edits.map((edit, at) => {
    const before = edits.slice(0, at).findLast(({ from }) => from === edit.from)
    if (before === undefined) return edit
    if (isFlow(root)) return root.items.length === 0 ? { ...edit, text: `, ${edit.text}` } : edit
    return before.text.endsWith('\n') ? { ...edit, text: edit.text.replace(/^\r?\n/, '') } : edit
  })

/** A kubeconfig's text without our entries; `current` takes the place of a current-context that was ours. */
export const takeOut = ({ text, value, root, entries }: Kubeconfig, current: string | undefined): string | undefined => {
  if (root === null) return text
  const expected: Value = { ...value }
  const edits: Edit[] = []
  for (const section of sections) {
    const indexes = entries(section).flatMap((entry, index) => (isOurs(section, entry) ? [index] : []))
    if (indexes.length === 0) continue
    const field = fieldOf(root, section)
    if (field === undefined || !isSeq(field.value)) return undefined
    expected[section] = entries(section).filter(entry => !isOurs(section, entry))
    edits.push(...removeItems(text, field.value, indexes, field.colon))
  }
  const field = fieldOf(root, 'current-context')
  if (current !== undefined && field !== undefined && isScalar(field.value)) {
    expected['current-context'] = current
    edits.push(replaceValue(text, field.value, field.colon, nameText(root, current)))
  }
  return checked(applyEdits(text, edits), expected)
}
