// Images on the nodes: names as containerd completes them, simulated pulls, and pulls that fail in containerd's words.
// Models distribution/reference and containerd/core/remotes

import { createHash } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import type { FileTree } from '../images/files.ts'
import { createFileTree } from '../images/files.ts'
import type { Image } from '../images/program.ts'
import type { PulledImage } from './runtime.ts'

export interface Reference {
  registry: string
  /** `library/busybox` */
  path: string
  tag: string
  digest?: string
  /** `docker.io/library/busybox:latest` */
  full: string
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const pattern = new RegExp(
  `^(?:((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9-]+)*(?::\\d+)?)/)?(${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
)

/** Completes an image name as containerd does; undefined where it is none. */
export const parseReference = (image: string): Reference | undefined => {
  const match = pattern.exec(image)
  if (!match) return undefined
  let [, registry = '', path = '', tag, digest] = match
  // The first part names a registry only if it looks like a host.
  if (registry && !/[.:]/.test(registry) && registry !== 'localhost') {
    if (registry !== registry.toLowerCase()) return undefined
    path = `${registry}/${path}`
    registry = ''
  }
  registry ||= 'docker.io'
  if (registry === 'docker.io' && !path.includes('/')) path = `library/${path}`
  const version = tag ?? (digest ? '' : 'latest')
  const full = `${registry}/${path}${version ? `:${version}` : ''}${digest ? `@${digest}` : ''}`
  return { registry, path, tag: version, ...(digest && { digest }), full }
}

/** Names that people make up to see a pull fail. */
const madeUp =
  /(^|[-_./])(no-?such|does-?not-?exist|doesnt-?exist|not-?exist|non-?exist|not-?found|nonexist|imaginary|fake|nope|wrong|invalid|typo|missing|bad|broken|bogus)([-_./]|image|tag|ent|ing|s?$|$)/

export interface ImageStore {
  has(node: string, image: string): PulledImage | undefined
  /** @throws Error in containerd's words */
  pull(node: string, image: string, signal: AbortSignal): Promise<PulledImage>
  find(image: string): { image: Image; base: FileTree; id: string }
  /** What was pulled, by node. */
  save(): SavedImages
  restore(saved: SavedImages | undefined): void
}

export type SavedImages = readonly (readonly [string, readonly string[]])[]

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Images that come to the nodes by another way than a pull, and registries that may be out of reach. */
export interface ImageSource {
  has(reference: string): boolean
  /** Why no registry answers, in containerd's words; undefined where one does. */
  refusal(reference: Reference): string | undefined
}

export interface ImageStoreOptions {
  clock: Clock
  random(): number
  images: readonly Image[]
  /** What stands for every image that is not in the catalogue. */
  unknown: Image
  source?: ImageSource
}

export const createImageStore = ({ clock, random, images, unknown, source }: ImageStoreOptions): ImageStore => {
  let onNode = new Map<string, Set<string>>()
  const bases = new Map<Image, FileTree>()

  const known = (path: string) =>
    images.find(image => image.name === path || image.name === path.replace(/^.*\/(?=[^/]+\/[^/]+$)/, ''))
  const describe = (reference: Reference): PulledImage => ({
    reference: reference.full,
    id: `sha256:${sha256(reference.full)}`,
    sizeBytes: known(reference.path)?.sizeBytes ?? unknown.sizeBytes,
  })
  const fail = (code: string, reference: Reference, why: string): never => {
    throw new Error(
      `rpc error: code = ${code} desc = failed to pull and unpack image "${reference.full}": failed to resolve reference "${reference.full}": ${why}`,
    )
  }

  const check = (reference: Reference) => {
    const { registry, path, tag, full } = reference
    const refusal = source?.refusal(reference)
    if (refusal !== undefined) fail('Unknown', reference, refusal)
    if (registry !== 'docker.io' && madeUp.test(registry)) {
      const host = registry.replace(/:\d+$/, '')
      const url = `https://${registry}/v2/${path}/manifests/${tag}`
      fail('Unknown', reference, `failed to do request: Head "${url}": dial tcp: lookup ${host}: no such host`)
    }
    if (madeUp.test(path)) {
      const denied = 'pull access denied, repository does not exist or may require authorization'
      fail('Unknown', reference, `${denied}: server message: insufficient_scope: authorization failed`)
    }
    const image = known(path)
    if (madeUp.test(tag) || (image?.tags && tag && !image.tags.test(tag))) fail('NotFound', reference, `${full}: not found`)
  }

  return {
    has(node, image) {
      const reference = parseReference(image)
      if (!reference) return undefined
      const preloaded = known(reference.path)?.preloaded.includes(reference.tag) ?? false
      return preloaded || source?.has(reference.full) || onNode.get(node)?.has(reference.full) ? describe(reference) : undefined
    },
    async pull(node, image, signal) {
      const reference = parseReference(image)
      if (!reference)
        throw Object.assign(new Error(`couldn't parse image name "${image}": invalid reference format`), {
          code: 'InvalidImageName',
        })
      // Asking the registry takes a while, the layers come at about 60 MB/s.
      await clock.sleep(200 + random() * 200, signal)
      check(reference)
      const pulled = describe(reference)
      // What is there already is only compared with the registry's.
      if (onNode.get(node)?.has(reference.full) || known(reference.path)?.preloaded.includes(reference.tag)) return pulled
      await clock.sleep((pulled.sizeBytes / 60_000) * (0.8 + random() * 0.4), signal)
      const there = onNode.get(node) ?? new Set()
      onNode.set(node, there.add(reference.full))
      return pulled
    },
    save: () => [...onNode].map(([node, references]) => [node, [...references]]),
    restore(saved = []) {
      onNode = new Map(saved.map(([node, references]) => [node, new Set(references)]))
    },
    find(name) {
      const reference = parseReference(name)
      const image = (reference && known(reference.path)) ?? unknown
      let base = bases.get(image)
      if (!base) {
        base = createFileTree(() => clock.now())
        image.unpack(base)
        bases.set(image, base)
      }
      return { image, base, id: `sha256:${sha256(reference?.full ?? name)}` }
    },
  }
}
