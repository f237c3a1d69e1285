// The snap store, as far as a download needs it: what a channel holds now, where the file is, and what the store asserts about it.
// Models canonical/snapd/store/store_action.go and store_asserts.go

import * as z from 'zod/mini'
import { AppError } from '../../contract/errors.ts'
import type { Http } from '../../platform/http.ts'
import { assertionDigest, parseAssertions } from './assertions.ts'
import type { Arch } from './lock.ts'

export const storeAddress = 'https://api.snapcraft.io'

export interface StoreSnap {
  snapId: string
  revision: number
  version: string
  publisher: string
  size: number
  /** Hex. */
  sha3_384: string
  url: string
}

export interface Store {
  /** What a channel holds now, or one certain revision. @throws AppError bundle.network, bundle.refused */
  find(name: string, want: { channel: string } | { revision: number }, arch: Arch, signal?: AbortSignal): Promise<StoreSnap>
  /** All that `snap ack` must hear before this snap. @throws AppError bundle.network, bundle.refused, bundle.corrupt */
  assertions(snap: Pick<StoreSnap, 'snapId' | 'sha3_384'>, name: string, signal?: AbortSignal): Promise<string>
}

const found = z.object({
  name: z.string(),
  'snap-id': z.string(),
  snap: z.object({
    revision: z.number(),
    version: z.string(),
    publisher: z.object({ id: z.string() }),
    download: z.object({ url: z.string(), size: z.number(), 'sha3-384': z.string() }),
  }),
})
const failed = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
const results = z.object({ results: z.array(z.unknown()), 'error-list': z.nullish(z.array(z.object({ message: z.string() }))) })

const fields = ['download', 'name', 'publisher', 'revision', 'snap-id', 'version']

/** snapd refuses formats that it does not know; every snapd that can run this MicroK8s knows these. */
const formats: Readonly<Record<string, number>> = { 'snap-declaration': 5 }

export const createStore = (http: Http, address: string): Store => {
  const base = address.replace(/\/+$/, '')
  const { host } = new URL(base)
  const refused = (what: string, problem: string) => new AppError('bundle.refused', { host, what, problem })

  const find: Store['find'] = async (name, want, arch, signal) => {
    const action = { action: 'download', 'instance-key': 'download-1', name, epoch: null, ...want }
    const { status, body } = await http.text(`${base}/v2/snaps/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'snap-device-series': '16', 'snap-device-architecture': arch },
      body: JSON.stringify({ context: [], actions: [action], fields }),
      ...(signal && { signal }),
    })
    const what = `${name} ${'channel' in want ? want.channel : want.revision}`
    if (status !== 200) throw refused(what, `HTTP ${status}`)
    const list = results.safeParse(toJson(body))
    const [first] = list.data?.results ?? []
    const problem = failed.safeParse(first).data?.error.message ?? list.data?.['error-list']?.[0]?.message
    const read = found.safeParse(first)
    if (!read.success) throw refused(what, problem ?? 'an answer of another kind')
    const { snap } = read.data
    return {
      snapId: read.data['snap-id'],
      revision: snap.revision,
      version: snap.version,
      publisher: snap.publisher.id,
      size: snap.download.size,
      sha3_384: snap.download['sha3-384'],
      // Relative where a proxy of the store stands in for it.
      url: new URL(snap.download.url, base).href,
    }
  }

  const assertion = async (type: string, key: string, signal?: AbortSignal) => {
    const url = `${base}/v2/assertions/${type}/${key}?max-format=${formats[type] ?? 0}`
    const { status, body } = await http.text(url, {
      headers: { accept: 'application/x.ubuntu.assertion' },
      ...(signal && { signal }),
    })
    if (status === 404) return undefined
    if (status !== 200) throw refused(`${type} ${key}`, `HTTP ${status}`)
    const [one] = parseAssertions(body.toString('utf8')) ?? []
    if (one?.type !== type) throw new AppError('bundle.corrupt', { file: `${type} ${key}`, problem: one?.type ?? 'unreadable' })
    return one
  }

  const assertions: Store['assertions'] = async ({ snapId, sha3_384 }, name, signal) => {
    const chain: string[] = []
    const seen = new Set<string>()

    /** The keys that vouch for it, the first of them not snapd's own: those it knows by heart, and refuses to hear again. */
    const addKeys = async (key: string): Promise<void> => {
      if (seen.has(key)) return
      seen.add(key)
      const one = await assertion('account-key', key, signal)
      const signer = one?.headers.get('sign-key-sha3-384')
      if (one === undefined || signer === undefined || signer === key) return
      await addKeys(signer)
      await addAccount(one.headers.get('account-id') ?? '')
      chain.push(one.text)
    }
    const addAccount = async (id: string): Promise<void> => {
      if (seen.has(id)) return
      seen.add(id)
      const one = await assertion('account', id, signal)
      // An authority's statement about itself is one that snapd knows by heart.
      if (one === undefined || one.headers.get('authority-id') === id) return
      await addKeys(one.headers.get('sign-key-sha3-384') ?? '')
      chain.push(one.text)
    }
    const add = async (type: string, key: string, account: string): Promise<void> => {
      const one = await assertion(type, key, signal)
      if (one === undefined) throw refused(name, `no ${type}`)
      await addKeys(one.headers.get('sign-key-sha3-384') ?? '')
      await addAccount(one.headers.get(account) ?? '')
      chain.push(one.text)
    }
    await add('snap-declaration', `16/${snapId}`, 'publisher-id')
    await add('snap-revision', assertionDigest(sha3_384), 'developer-id')
    return `${chain.join('\n\n')}\n`
  }

  return { find, assertions }
}

const toJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
