// What Setup adds to a kubeconfig: one cluster, one user and one context, each of them named `microk8s` and marked as ours.

import { parse } from 'yaml'
import * as z from 'zod/mini'

export const ourName = 'microk8s'
/** kubectl keeps extensions that it does not know, so ours is recognised even after kubectl has rewritten the file. */
export const markName = 'io.github.kubernetes-hello-world'

export const sections = ['clusters', 'users', 'contexts'] as const
export type Section = (typeof sections)[number]
/** The key under which each section's entry holds its content. */
export const contentKeys = { clusters: 'cluster', users: 'user', contexts: 'context' } as const

/** One item of a section's list, as it stands in the file. */
export type Entry = Readonly<Record<string, unknown>> & { name: string }
export type Entries = Readonly<Record<Section, Entry>>

const given = z.looseObject({
  clusters: z.array(z.looseObject({ cluster: z.looseObject({ server: z.string() }) })).check(z.minLength(1)),
  users: z.array(z.looseObject({ user: z.record(z.string(), z.unknown()) })).check(z.minLength(1)),
})

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** kubectl refuses a whole file, with all contexts in it, for one certificate that is not base64. */
const isSound = (content: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(content).every(([key, value]) => !key.endsWith('-data') || (typeof value === 'string' && base64.test(value)))

const mark = [{ name: markName, extension: { apiVersion: 'v1', kind: 'SetupMark' } }]

/** Our entries, from the text of `microk8s config`; undefined where that text is not a kubeconfig. */
export const entriesFrom = (config: string): Entries | undefined => {
  let value: unknown
  try {
    value = parse(config)
  } catch {
    return undefined
  }
  const read = given.safeParse(value)
  const cluster = read.data?.clusters[0]?.cluster
  const user = read.data?.users[0]?.user
  if (cluster === undefined || user === undefined || !isSound(cluster) || !isSound(user)) return undefined
  return {
    clusters: { cluster: { ...cluster, extensions: mark }, name: ourName },
    users: { name: ourName, user: { ...user, extensions: mark } },
    contexts: { context: { cluster: ourName, extensions: mark, user: ourName }, name: ourName },
  }
}

const contentOf = (section: Section, entry: Entry): Record<string, unknown> => {
  const content = entry[contentKeys[section]]
  return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {}
}

const marked = z.looseObject({ extensions: z.array(z.looseObject({ name: z.string() })) })

export const isOurs = (section: Section, entry: Entry): boolean => {
  const read = marked.safeParse(contentOf(section, entry))
  return read.data?.extensions.some(({ name }) => name === markName) ?? false
}

/** The content without our mark: what an entry of the same meaning, made by somebody else, would hold. */
export const substance = (section: Section, entry: Entry): Record<string, unknown> => {
  const { extensions, ...rest } = contentOf(section, entry)
  return rest
}
