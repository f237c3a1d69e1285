// Reads the conversation that `kubectl -v=8` tells of: each request with its answer, without what only the client knows.

import { readFileSync } from 'node:fs'
import { rename } from './normalise.ts'

export interface Exchange {
  /** `GET /api/v1/namespaces/default/pods?limit=500`. */
  request: string
  /** Headers of the request. */
  asked: string[]
  sent: string
  /** `200 OK`. */
  status: string
  /** Headers of the answer. */
  told: string[]
  /** kubectl cuts what is longer than some 1000 characters. */
  answer: string
}

interface Part {
  kind: 'sent' | 'request' | 'status' | 'answer'
  head: string
  lines: string[]
}

const kinds: readonly [RegExp, Part['kind']][] = [
  [/"Request Body" body=(.*)$/, 'sent'],
  [/"Request" (verb=.*) headers=<$/, 'request'],
  [/"Response" status="(.*?)" headers=<$/, 'status'],
  [/"Response Body" body=(.*)$/, 'answer'],
]

const partsOf = (output: string): Part[] => {
  const parts: Part[] = []
  let open: Part | undefined
  for (const line of output.split('\n')) {
    if (/^[IEW]\d{4} /.test(line)) {
      open = undefined
      for (const [pattern, kind] of kinds) {
        const head = pattern.exec(line)?.[1]
        if (head === undefined) continue
        open = { kind, head, lines: [] }
        parts.push(open)
      }
    } else if (line.startsWith('\t')) open?.lines.push(line.slice(1))
    else open = undefined
  }
  return parts
}

const bodyOf = ({ head, lines }: Part): string => {
  const text = head === '<' ? lines.join('\n') : String(JSON.parse(cut(head)))
  return text.startsWith('00000000 ') ? '(protobuf)' : text
}
/** kubectl writes the terms of a field selector in the order of a Go map, which is none. */
const ordered = (text: string): string =>
  text.replace(/(fieldSelector=)([^&\s"]+)/g, (_, name: string, terms: string) => name + terms.split(/,|%2C/i).sort().join(','))

/** A cut body is quoted, and says so after its quotes' content. */
const cut = (head: string): string => head.replace(/ \[truncated \d+ chars\]"$/, '…"')

/** The exchanges of one command, in the order in which they were asked. */
export const exchangesOf = (output: string): Exchange[] => {
  const exchanges: Exchange[] = []
  let sent = ''
  for (const part of partsOf(output)) {
    const last = exchanges.at(-1)
    if (part.kind === 'sent') sent = bodyOf(part)
    else if (part.kind === 'request') {
      const [, verb, path] = /^verb="(\w+)" url="https:\/\/[^/]+(.*)"$/.exec(part.head) ?? []
      exchanges.push({ request: `${verb} ${path}`, asked: part.lines, sent, status: '', told: [], answer: '' })
    } else if (last && part.kind === 'status') Object.assign(last, { status: part.head, told: part.lines })
    else if (last) last.answer = bodyOf(part)
  }
  return exchanges
}

/** So much of a body is compared: less than kubectl shows of any, once names are shorter. */
const shown = 700
const masks: readonly [RegExp, string][] = [
  [/hash=[\dA-F]+/g, 'hash=<hash>'],
  [/^Etag: .*/gm, 'Etag: <hash>'],
  [/("description":")(?:[^"\\]|\\.)*(?:"|$)/g, '$1…"'],
  [/"resourceVersion":"\d+"/g, '"resourceVersion":"<revision>"'],
  [/"pod-template-hash":"\w+"/g, '"pod-template-hash":"<hash>"'],
  [/timeoutSeconds=\d+/g, 'timeoutSeconds=<seconds>'],
  [/^(Date|Expires|Last-Modified|Audit-Id|Sec-Websocket-Accept): .*/gm, '$1: <any>'],
]
/** Said by the client or its cache: who asks, and where the answer was found. Long answers come in parts here, and told lengths differ with names. */
const unheard = /^(User-Agent|Authorization|X-From-Cache|X-Varied-Accept|Content-Length):/

/** One exchange as lines that two clusters say alike: `>` was asked, `<` was told. */
export const spell = (exchange: Exchange): string[] => {
  const mask = (text: string) => ordered(masks.reduce((all, [pattern, put]) => all.replace(pattern, put), rename(text)))
  const say = (mark: string, lines: string[]) => lines.filter(line => !unheard.test(line)).map(line => `${mark} ${mask(line)}`)
  const body = (mark: string, text: string) => (text ? [`${mark}${mark} ${mask(text.replace(/…$/, '')).slice(0, shown)}`] : [])
  return [
    ...say('>', [decodeURIComponent(exchange.request), ...exchange.asked]),
    ...body('>', exchange.sent),
    ...say('<', [exchange.status, ...exchange.told]),
    ...body('<', exchange.answer),
  ]
}

export interface HttpStep {
  /** Recording and line. */
  at: string
  command: string
  /** What was asked and told, exchange by exchange. */
  exchanges: string[][]
}

/** The recorded conversations, as `spell` writes them. */
export const readConversations = (): HttpStep[] => {
  const text = readFileSync(new URL('recordings/09-http.txt', import.meta.url), 'utf8')
  let line = 1
  return text.split(/(?=^\$ )/m).flatMap(block => {
    const at = `09-http:${line}`
    line += block.split('\n').length - 1
    const [head = '', ...rest] = block.trimEnd().split('\n\n')
    if (!head.startsWith('$ ')) return []
    return [{ at, command: head.slice(2), exchanges: rest.map(each => each.split('\n')) }]
  })
}
