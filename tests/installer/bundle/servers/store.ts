// A snap store on loopback: the download action, files, and assertions in snapd's own form (their signatures are words only).

import { createHash } from 'node:crypto'
import { type FaultyServer, type Reply, serveFaulty } from './faults.ts'

export interface StockedSnap {
  name: string
  revision: number
  version: string
  channel: string
  bytes: Buffer
}

export const sha3 = (bytes: Uint8Array): string => createHash('sha3-384').update(bytes).digest('hex')
const key = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')

const storeKey = 'store-key'
const rootKey = 'root-key'

const assertion = (headers: Record<string, string | number>, signer: string, body = ''): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const length = body === '' ? [] : [`body-length: ${Buffer.byteLength(body)}`]
  const head = [...lines, ...length, `sign-key-sha3-384: ${signer}`].join('\n')
  return `${head}\n\n${body === '' ? '' : `${body}\n\n`}AcLBUgQAAQoABgUCsignature\nAcLBUgQAAQoABgUCsignature\n`
}

const accountKey = (id: string, signer: string) =>
  assertion(
    { type: 'account-key', 'authority-id': 'canonical', 'public-key-sha3-384': id, 'account-id': 'canonical' },
    signer,
    `key of ${id}\n\nof two parts`,
  )

export interface StoreOptions {
  /** Assertions that say something else: by type. */
  lies?: Readonly<Record<string, Record<string, string | number>>>
  publisher?: string
}

export const serveStore = (
  snaps: readonly StockedSnap[],
  { lies = {}, publisher = 'canonical' }: StoreOptions = {},
): Promise<FaultyServer> => {
  const idOf = (name: string) => `id-of-${name}`

  const refresh = (body: string): Reply => {
    const [action] = (
      JSON.parse(body) as {
        actions: { name: string; channel?: string; revision?: number; 'instance-key': string; epoch: null }[]
      }
    ).actions
    if (action === undefined || action.epoch !== null) return { status: 400 }
    const { name } = action
    const snap = snaps.find(each => each.name === name && (each.channel === action.channel || each.revision === action.revision))
    const base = { 'instance-key': action['instance-key'], name, 'snap-id': idOf(name) }
    const error = { code: 'revision-not-found', message: 'No revision was found in the Store.' }
    if (snap === undefined) return { body: JSON.stringify({ results: [{ ...base, result: 'error', error }], 'error-list': [] }) }
    const download = {
      url: `/download/${name}_${snap.revision}.snap`,
      size: snap.bytes.length,
      'sha3-384': sha3(snap.bytes),
      deltas: [],
    }
    const found = {
      name,
      revision: snap.revision,
      version: snap.version,
      publisher: { id: publisher, username: publisher },
      download,
    }
    return {
      body: JSON.stringify({
        results: [{ ...base, result: 'download', 'effective-channel': snap.channel, snap: found }],
        'error-list': [],
      }),
    }
  }

  const assertions = (path: string): Reply => {
    const [type = '', ...rest] = path.split('/')
    const id = rest.at(-1)
    const reply = (headers: Record<string, string | number>, signer = storeKey): Reply => ({
      body: assertion({ ...headers, ...lies[type] }, signer),
    })
    if (type === 'account-key') {
      if (id === storeKey) return { body: accountKey(storeKey, rootKey) }
      return id === rootKey ? { body: accountKey(rootKey, rootKey) } : { status: 404 }
    }
    if (type === 'account')
      return id === 'canonical'
        ? reply({ type, 'authority-id': 'canonical', 'account-id': 'canonical' }, rootKey)
        : reply({ type, 'authority-id': 'canonical', 'account-id': id ?? '', 'display-name': id ?? '' })
    const snap = snaps.find(({ name, bytes }) => idOf(name) === id || key(sha3(bytes)) === id)
    if (snap === undefined) return { status: 404 }
    const { name, revision, bytes } = snap
    if (type === 'snap-declaration')
      return reply({
        type,
        format: 1,
        'authority-id': 'canonical',
        series: 16,
        'snap-id': idOf(name),
        'publisher-id': publisher,
        'snap-name': name,
      })
    return reply({
      type,
      'authority-id': 'canonical',
      'snap-sha3-384': key(sha3(bytes)),
      'developer-id': publisher,
      'snap-id': idOf(name),
      'snap-revision': revision,
      'snap-size': bytes.length,
    })
  }

  return serveFaulty(({ method, url, body, headers }) => {
    const { pathname } = new URL(url, 'http://store')
    if (method === 'POST' && pathname === '/v2/snaps/refresh' && headers['snap-device-series'] === '16') return refresh(body)
    if (pathname.startsWith('/v2/assertions/')) return assertions(pathname.slice('/v2/assertions/'.length))
    // As the real one: the file is elsewhere.
    if (pathname.startsWith('/download/')) return { status: 302, headers: { location: pathname.replace('/download/', '/cdn/') } }
    const snap = snaps.find(({ name, revision }) => pathname === `/cdn/${name}_${revision}.snap`)
    return snap === undefined ? { status: 404 } : { body: snap.bytes }
  })
}
