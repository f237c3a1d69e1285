// The change of a kubeconfig as people may see it: a unified difference in which no secret stands, whoever's it is. Pure.

import { createTwoFilesPatch } from 'diff'
import { isScalar, Lexer, parseDocument, visit } from 'yaml'
import { applyEdits, controlAt, type Edit } from './document.ts'

/** Values of these keys, and of no others, are shown: the list says what is harmless, not what is dangerous. */
const harmless = new Set([
  'apiVersion',
  'kind',
  'name',
  'cluster',
  'user',
  'namespace',
  'current-context',
  'certificate-authority',
  'client-certificate',
  'client-key',
  'insecure-skip-tls-verify',
  'tls-server-name',
  'command',
  'interactiveMode',
])

const hidden = (length: number) => `<${length} characters>`

/** An address without the password that it may carry. */
const withoutPassword = (address: string): string => address.replace(/\/\/[^/@\s]*@/, '//<hidden>@').replace(/[?#].*$/s, '')

/** Text with every value hidden that is not known to be harmless; comments too. Keys stay. Broken text is hidden whole. */
export const redact = (text: string): string => {
  const document = parseDocument(text, { prettyErrors: false })
  if (document.errors.length > 0 || controlAt(text) >= 0) return hidden(text.length)
  const edits: Edit[] = []
  visit(document, {
    Scalar: (key, node, path) => {
      if (key === 'key' || node.range === undefined || node.range === null) return
      const [from, until] = node.range
      const pair = path.at(-1)
      const name = pair !== undefined && 'key' in pair && isScalar(pair.key) ? String(pair.key.value) : ''
      if (harmless.has(name) || until === from || typeof node.value === 'boolean' || node.value === null) return
      const shown =
        name === 'server' || name === 'proxy-url' ? withoutPassword(String(node.value)) : hidden(String(node.value).length)
      if (shown !== String(node.value)) edits.push({ from, until, text: shown + (text[until - 1] === '\n' ? '\n' : '') })
    },
  })
  edits.push(...comments(text))
  return applyEdits(text, edits)
}

/** The lexer says which `#` begins a comment: it announces each scalar's text before it. */
const comments = (text: string): Edit[] => {
  const edits: Edit[] = []
  let at = 0
  let isScalarText = false
  for (const token of new Lexer().lex(text)) {
    const isMark = ['\x02', '\x18', '\x1f'].includes(token)
    if (!isMark && !isScalarText && token.startsWith('#') && token.trim() !== '#')
      edits.push({ from: at, until: at + token.trimEnd().length, text: '# …' })
    isScalarText = token === '\x1f'
    if (!isMark) at += token.length
  }
  return edits
}

/** Unified, three lines around each change; empty where nothing is different. */
export const difference = (path: string, before: string | undefined, after: string | undefined): string => {
  const [old, fresh] = [redact(before ?? ''), redact(after ?? '')]
  if (old === fresh) return ''
  const name = (text: string | undefined) => (text === undefined ? '/dev/null' : path)
  return createTwoFilesPatch(name(before), name(after), old, fresh, '', '', { context: 3 }).replace(/^(Index: .*\n)?=+\n/, '')
}
