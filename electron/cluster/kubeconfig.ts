// Kubeconfig files as kubectl reads them: parsed, merged, and cut down to one context. Pure.

import { parseDocument, stringify } from 'yaml'
import * as z from 'zod/mini'
import { AppError } from '../contract/errors.ts'

const optionalText = z.optional(z.string())
const named = <T>(key: string, schema: z.ZodMiniType<T>) => z.nullish(z.array(z.looseObject({ name: z.string(), [key]: schema })))

const clusterEntry = z.looseObject({
  server: z.string(),
  'certificate-authority': optionalText,
  'certificate-authority-data': optionalText,
  'insecure-skip-tls-verify': z.optional(z.boolean()),
  'tls-server-name': optionalText,
  'proxy-url': optionalText,
  extensions: z.optional(z.array(z.looseObject({ name: z.string(), extension: z.unknown() }))),
})
export type ClusterEntry = z.infer<typeof clusterEntry>

const userEntry = z.looseObject({
  token: optionalText,
  tokenFile: optionalText,
  username: optionalText,
  password: optionalText,
  'client-certificate': optionalText,
  'client-certificate-data': optionalText,
  'client-key': optionalText,
  'client-key-data': optionalText,
})
export type UserEntry = z.infer<typeof userEntry>

const contextEntry = z.looseObject({ cluster: z.string(), user: optionalText, namespace: optionalText })
export type ContextEntry = z.infer<typeof contextEntry>

const file = z.looseObject({
  'current-context': z.nullish(z.string()),
  clusters: named('cluster', clusterEntry),
  users: named('user', z.nullish(userEntry)),
  contexts: named('context', contextEntry),
})

/** One or more kubeconfig files, merged as kubectl merges them: the first to set a name wins. */
export interface Kubeconfig {
  current: string | undefined
  clusters: ReadonlyMap<string, ClusterEntry>
  users: ReadonlyMap<string, UserEntry>
  contexts: ReadonlyMap<string, ContextEntry>
}

/** Everything that one context needs. */
export interface Access {
  context: string
  cluster: ClusterEntry
  user: UserEntry
  namespace: string | undefined
}

const pathKeys = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile']

/**
 * Reads one file's text. Paths in it are made absolute from `folder`.
 * @throws AppError kubeconfig.broken, with the line where YAML itself is wrong
 */
export const parseKubeconfig = (text: string, path: string, folder = path.replace(/\/[^/]*$/, '')): Kubeconfig => {
  const document = parseDocument(text, { prettyErrors: false })
  const wrong = document.errors[0]
  if (wrong !== undefined) {
    const line = text.slice(0, wrong.pos[0]).split('\n').length
    throw new AppError('kubeconfig.broken', { path, line, message: wrong.message })
  }
  const content: unknown = document.toJS() ?? {}
  const parsed = file.safeParse(content)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new AppError('kubeconfig.broken', { path, message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` })
  }
  const absolute = <T extends object>(entry: T): T =>
    Object.fromEntries(
      Object.entries(entry).map(([key, value]) => [
        key,
        pathKeys.includes(key) && typeof value === 'string' && !value.startsWith('/') ? `${folder}/${value}` : value,
      ]),
    ) as T
  const byName = <T extends object>(entries: readonly object[] | null | undefined, key: string): Map<string, T> =>
    new Map(
      (entries ?? []).map(entry => {
        const { name, [key]: value } = entry as { name: string } & Record<string, T | null | undefined>
        return [name, absolute((value ?? {}) as T)]
      }),
    )
  return {
    current: parsed.data['current-context'] || undefined,
    clusters: byName<ClusterEntry>(parsed.data.clusters, 'cluster'),
    users: byName<UserEntry>(parsed.data.users, 'user'),
    contexts: byName<ContextEntry>(parsed.data.contexts, 'context'),
  }
}

export const mergeKubeconfigs = (configs: readonly Kubeconfig[]): Kubeconfig => {
  const merge = <T>(maps: ReadonlyMap<string, T>[]): Map<string, T> => {
    const merged = new Map<string, T>()
    for (const map of maps) for (const [name, value] of map) if (!merged.has(name)) merged.set(name, value)
    return merged
  }
  return {
    current: configs.find(config => config.current !== undefined)?.current,
    clusters: merge(configs.map(config => config.clusters)),
    users: merge(configs.map(config => config.users)),
    contexts: merge(configs.map(config => config.contexts)),
  }
}

/** @throws AppError kubeconfig.broken when the context, or the cluster or user it names, is not there */
export const accessOf = (config: Kubeconfig, path: string, context = config.current): Access => {
  const entry = context === undefined ? undefined : config.contexts.get(context)
  if (context === undefined || entry === undefined)
    throw new AppError('kubeconfig.broken', { path, message: `context "${context ?? ''}" not found` })
  const cluster = config.clusters.get(entry.cluster)
  if (cluster === undefined) throw new AppError('kubeconfig.broken', { path, message: `cluster "${entry.cluster}" not found` })
  const user = entry.user === undefined ? {} : config.users.get(entry.user)
  if (user === undefined) throw new AppError('kubeconfig.broken', { path, message: `user "${entry.user}" not found` })
  return { context, cluster, user, namespace: entry.namespace }
}

/** The way to Pod addresses that a practice cluster writes into its kubeconfig. */
export const httpProxyOf = ({ cluster }: Access): string | undefined => {
  const found = z.object({ url: z.string() }).safeParse(cluster.extensions?.find(({ name }) => name === 'http-proxy')?.extension)
  return found.success ? found.data.url : undefined
}

/** A kubeconfig with this one context only, for a terminal. */
export const writeKubeconfig = ({ context, cluster, user, namespace }: Access): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: context, cluster }],
    users: [{ name: context, user }],
    contexts: [
      { name: context, context: { cluster: context, user: context, ...(namespace === undefined ? {} : { namespace }) } },
    ],
  })
