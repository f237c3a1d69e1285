// An OCI registry on loopback: tokens that run out, indexes of several platforms, blobs kept on another host that wants no token.

import { createHash } from 'node:crypto'
import { type FaultyServer, type Reply, serveFaulty } from './faults.ts'

const digestOf = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

export interface RegistryOptions {
  /** Docker's media types instead of OCI's. */
  docker?: boolean
  /** After this many requests a token is not good any more. */
  tokenLasts?: number
  /** Stands before every repository, as on mirrors that hold several registries. */
  prefix?: string
}

export interface TestRegistry extends FaultyServer {
  blobs: FaultyServer
  /** By repository, the digest of each platform's manifest. */
  digests: Map<string, Record<string, string>>
  close(): Promise<void>
}

/** @param images `library/busybox:1.28.4` and the like */
export const serveRegistry = async (
  images: readonly string[],
  { docker = false, tokenLasts = Number.POSITIVE_INFINITY, prefix = '' }: RegistryOptions = {},
): Promise<TestRegistry> => {
  const content = new Map<string, Buffer>()
  const manifests = new Map<string, { bytes: Buffer; type: string }>()
  const digests = new Map<string, Record<string, string>>()
  const types = docker
    ? {
        index: 'application/vnd.docker.distribution.manifest.list.v2+json',
        manifest: 'application/vnd.docker.distribution.manifest.v2+json',
      }
    : { index: 'application/vnd.oci.image.index.v1+json', manifest: 'application/vnd.oci.image.manifest.v1+json' }
  const blob = (bytes: Buffer, mediaType: string) => {
    content.set(digestOf(bytes), bytes)
    return { mediaType, digest: digestOf(bytes), size: bytes.length }
  }
  const shared = blob(Buffer.alloc(70_000, 'a layer that images share '), 'application/vnd.oci.image.layer.v1.tar')
  for (const image of images) {
    const [repository = '', tag = ''] = image.split(/:(?=[^:]+$)/)
    const made: Record<string, string> = {}
    const list = (['amd64', 'arm64'] as const).map(architecture => {
      const config = blob(
        Buffer.from(JSON.stringify({ architecture, os: 'linux', image })),
        'application/vnd.oci.image.config.v1+json',
      )
      const layer = blob(
        Buffer.from(`layer of ${image} for ${architecture} `.repeat(9000)),
        'application/vnd.oci.image.layer.v1.tar+gzip',
      )
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: types.manifest, config, layers: [shared, layer] }))
      made[architecture] = digestOf(bytes)
      manifests.set(`${repository} ${digestOf(bytes)}`, { bytes, type: types.manifest })
      const variant = architecture === 'arm64' ? { variant: 'v8' } : {}
      return {
        mediaType: types.manifest,
        digest: digestOf(bytes),
        size: bytes.length,
        platform: { os: 'linux', architecture, ...variant },
      }
    })
    // As builders add it: what was done, for no platform.
    const attestation = { ...list[0], platform: { os: 'unknown', architecture: 'unknown' } }
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: [attestation, ...list] }))
    manifests.set(`${repository} ${tag}`, { bytes, type: types.index })
    digests.set(repository, made)
  }

  let given = 0
  let left = 0
  const blobs = await serveFaulty(({ url, headers }) => {
    if (headers.authorization !== undefined) return { status: 400 }
    const bytes = content.get(url.slice(1))
    return bytes === undefined ? { status: 404 } : { body: bytes }
  })
  const server: FaultyServer = await serveFaulty(({ url, headers }): Reply => {
    const { pathname, searchParams } = new URL(url, 'http://registry')
    if (pathname === '/token') {
      given++
      left = tokenLasts
      return { body: JSON.stringify({ token: `token-${given}-${searchParams.get('scope')}` }) }
    }
    const [, path = '', kind, version = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(pathname) ?? []
    const repository = path.startsWith(prefix) ? path.slice(prefix.length) : '-'
    const scope = `repository:${path}:pull`
    if (headers.authorization !== `Bearer token-${given}-${scope}` || left-- <= 0)
      return {
        status: 401,
        headers: { 'www-authenticate': `Bearer realm="${server.url}/token",service="test",scope="${scope}"` },
      }
    if (kind === 'blobs')
      return content.has(version) ? { status: 307, headers: { location: `${blobs.url}/${version}` } } : { status: 404 }
    const found = manifests.get(`${repository} ${version}`)
    if (found === undefined || !headers.accept?.includes(found.type)) return { status: 404 }
    return { headers: { 'content-type': found.type, 'docker-content-digest': digestOf(found.bytes) }, body: found.bytes }
  })
  return {
    ...server,
    blobs,
    digests,
    close: async () => {
      await server.close()
      await blobs.close()
    },
  }
}
