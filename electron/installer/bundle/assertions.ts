// The store's assertions about a snap, as far as they can be read without a key: whether they speak of this very file. Pure.
// Models snapcore/snapd/asserts/asserts.go. The signatures themselves are snapd's to judge, by `snap ack`.

export interface Assertion {
  type: string
  headers: ReadonlyMap<string, string>
  /** As it was, without what stands between two assertions. */
  text: string
}

const headersOf = (lines: string): Map<string, string> => {
  const headers = new Map<string, string>()
  // Lists and texts of several lines are indented; none of the headers that we read is one.
  for (const line of lines.split('\n')) {
    const [, name, value] = /^([a-z][a-z0-9-]*): (.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) headers.set(name, value)
  }
  return headers
}

/** Undefined where the text is not a row of assertions: cut off, or something else. */
export const parseAssertions = (text: string): Assertion[] | undefined => {
  const found: Assertion[] = []
  // Lengths count bytes.
  const bytes = Buffer.from(text)
  let at = 0
  while (at < bytes.length) {
    if (bytes[at] === 10) {
      at++
      continue
    }
    const headerEnd = bytes.indexOf('\n\n', at)
    if (headerEnd < 0) return undefined
    const headers = headersOf(bytes.toString('utf8', at, headerEnd))
    const length = Number(headers.get('body-length') ?? 0)
    let signatureStart = headerEnd + 2
    if (length > 0) {
      signatureStart += length + 2
      if (bytes.toString('utf8', signatureStart - 2, signatureStart) !== '\n\n') return undefined
    }
    const blank = bytes.indexOf('\n\n', signatureStart)
    const end = blank < 0 ? bytes.length : blank
    const type = headers.get('type')
    if (type === undefined || bytes.toString('utf8', signatureStart, end).trim() === '') return undefined
    found.push({ type, headers, text: bytes.toString('utf8', at, end).trimEnd() })
    at = end
  }
  return found
}

export interface SnapFacts {
  name: string
  snapId: string
  revision: number
  size: number
  /** Hex. */
  sha3_384: string
}

/** The digest as assertions and the store's addresses write it. */
export const assertionDigest = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')

/** What is wrong with an assertions file for this snap; undefined where it says all that snapd will want to know. */
export const problemOf = (text: string, snap: SnapFacts): string | undefined => {
  const assertions = parseAssertions(text)
  if (assertions === undefined) return 'unreadable'
  const find = (type: string, header: string, value: string) =>
    assertions.find(assertion => assertion.type === type && assertion.headers.get(header) === value)
  const revision = find('snap-revision', 'snap-sha3-384', assertionDigest(snap.sha3_384))
  if (revision === undefined) return 'no snap-revision for this file'
  const expected = { 'snap-id': snap.snapId, 'snap-size': String(snap.size), 'snap-revision': String(snap.revision) }
  for (const [header, value] of Object.entries(expected))
    if (revision.headers.get(header) !== value) return `snap-revision: ${header} is ${revision.headers.get(header)}, not ${value}`
  const declaration = find('snap-declaration', 'snap-id', snap.snapId)
  if (declaration === undefined) return 'no snap-declaration'
  if (declaration.headers.get('snap-name') !== snap.name) return `snap-declaration: of ${declaration.headers.get('snap-name')}`
  for (const { type, headers } of [revision, declaration])
    if (find('account-key', 'public-key-sha3-384', headers.get('sign-key-sha3-384') ?? '') === undefined)
      return `no account-key for ${type}`
  return undefined
}
