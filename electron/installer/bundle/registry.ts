// Images from a registry by the OCI distribution protocol: token, index, one platform's manifest, blobs by digest.

import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { AppError } from '../../contract/errors.ts'
import type { Answer, Http } from '../../platform/http.ts'
import type { Arch } from './lock.ts'
import { parseReference } from './references.ts'

export interface Blob {
  mediaType: string
  digest: string
  size: number
}

export interface Image {
  reference: string
  /** Of the manifest for one platform. */
  digest: string
  mediaType: string
  manifest: Buffer
  platform: { os: string; architecture: string; variant?: string | undefined }
  blobs: readonly Blob[]
}

/** Registry to the address that stands in for it: `docker.io` to `https://docker.m.daocloud.io`. */
export type Mirrors = Readonly<Record<string, string>>

export interface Registry {
  /** @throws AppError bundle.network, bundle.refused, bundle.corrupt */
  image(reference: string, arch: Arch, signal?: AbortSignal): Promise<Image>
  blobUrl(reference: string, digest: string): string
  headers(reference: string): Promise<Record<string, string>>
  /** Asks for a token anew where the answer says how. */
  denied(reference: string, answer: Answer): Promise<boolean>
}

const indexTypes = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']
const manifestTypes = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']

const descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/)),
  size: z.number(),
})
const platform = z.object({ os: z.string(), architecture: z.string(), variant: z.optional(z.string()) })
const index = z.object({ manifests: z.array(z.extend(descriptor, { platform: z.optional(platform) })) })
const manifest = z.object({ config: descriptor, layers: z.array(descriptor) })
const token = z.object({ token: z.optional(z.string()), access_token: z.optional(z.string()) })

/** A registry's own address, or its mirror's: a path in the mirror's address stands before the repository's name. */
export const endpoint = (registry: string, mirrors: Mirrors): { origin: string; prefix: string } => {
  const address = mirrors[registry] ?? `https://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`
  const { origin, pathname } = new URL(address)
  const path = pathname.replace(/^\/(v2(\/|$))?/, '').replace(/\/+$/, '')
  return { origin, prefix: path === '' ? '' : `${path}/` }
}

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** `Bearer realm="…",service="…"` in parts. */
export const challenge = (header: string | undefined): Map<string, string> | undefined => {
  if (header === undefined || !/^bearer /i.test(header)) return undefined
  return new Map([...header.matchAll(/(\w+)="([^"]*)"/g)].map(match => [match[1] as string, match[2] as string]))
}

export const createRegistry = (http: Http, mirrors: Mirrors): Registry => {
  const tokens = new Map<string, string>()

  const place = (reference: string) => {
    const { registry, repository, version } = parseReference(reference)
    const { origin, prefix } = endpoint(registry, mirrors)
    return {
      version,
      key: `${origin} ${repository}`,
      base: `${origin}/v2/${prefix}${repository}`,
      host: new URL(origin).host,
      prefix,
      repository,
    }
  }

  const headers = async (reference: string): Promise<Record<string, string>> => {
    const known = tokens.get(place(reference).key)
    return known === undefined ? {} : { authorization: `Bearer ${known}` }
  }

  const denied = async (reference: string, answer: Answer): Promise<boolean> => {
    answer.body.destroy()
    const { key, prefix, repository } = place(reference)
    const asked = challenge(answer.headers['www-authenticate'])
    const realm = asked?.get('realm')
    if (realm === undefined) return false
    const url = new URL(realm)
    const service = asked?.get('service')
    if (service !== undefined) url.searchParams.set('service', service)
    url.searchParams.set('scope', asked?.get('scope') ?? `repository:${prefix}${repository}:pull`)
    const { status, body } = await http.text(url.href, {}, 1024 * 1024)
    const read = status === 200 ? token.safeParse(safeJson(body)) : undefined
    const fresh = read?.data?.token ?? read?.data?.access_token
    if (fresh === undefined) return false
    tokens.set(key, fresh)
    return true
  }

  /** One manifest or index, with its digest checked where it was asked for by digest. */
  const fetchManifest = async (reference: string, version: string, signal?: AbortSignal) => {
    const { base, host } = place(reference)
    const url = `${base}/manifests/${version}`
    for (let attempt = 0; ; attempt++) {
      const accept = [...indexTypes, ...manifestTypes].join(', ')
      const answer = await http.ask(url, { headers: { accept, ...(await headers(reference)) }, ...(signal && { signal }) })
      if (answer.status === 401 && attempt === 0 && (await denied(reference, answer))) continue
      if (answer.status !== 200) {
        answer.body.destroy()
        throw new AppError('bundle.refused', { host, what: reference, problem: `HTTP ${answer.status}` })
      }
      const chunks: Buffer[] = []
      for await (const chunk of answer.body) chunks.push(chunk as Buffer)
      const bytes = Buffer.concat(chunks)
      const expected = version.startsWith('sha256:') ? version : answer.headers['docker-content-digest']
      const digest = digestOf(bytes)
      if (expected !== undefined && expected !== digest)
        throw new AppError('bundle.corrupt', { file: reference, problem: `${digest}, ${expected}` })
      const content = safeJson(bytes)
      const declared = z.object({ mediaType: z.string() }).safeParse(content)
      const type = declared.data?.mediaType ?? answer.headers['content-type']?.split(';', 1)[0] ?? ''
      return { bytes, digest, content, type }
    }
  }

  const image: Registry['image'] = async (reference, arch, signal) => {
    const broken = (problem: string) => new AppError('bundle.corrupt', { file: reference, problem })
    let found = await fetchManifest(reference, place(reference).version, signal)
    let its: z.infer<typeof platform> = { os: 'linux', architecture: arch }
    if (indexTypes.includes(found.type)) {
      const list = index.safeParse(found.content)
      if (!list.success) throw broken('index')
      const fitting = list.data.manifests.find(({ platform: at }) => at?.os === 'linux' && at.architecture === arch)
      if (fitting?.platform === undefined)
        throw new AppError('bundle.refused', { host: place(reference).host, what: reference, problem: `no ${arch}` })
      its = fitting.platform
      found = await fetchManifest(reference, fitting.digest, signal)
    }
    const read = manifest.safeParse(found.content)
    if (!manifestTypes.includes(found.type) || !read.success) throw broken(`manifest ${found.type}`)
    const blobs = [...new Map([read.data.config, ...read.data.layers].map(blob => [blob.digest, blob])).values()]
    return { reference, digest: found.digest, mediaType: found.type, manifest: found.bytes, platform: its, blobs }
  }

  return { image, headers, denied, blobUrl: (reference, digest) => `${place(reference).base}/blobs/${digest}` }
}

const safeJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
