// Who belongs to whom among a lesson's objects: owners, Services and the Pods they find, volumes and who mounts them. Pure.

import type { KubeObject } from '../../../../electron/contract/cluster.ts'
import type { Objects } from '../../../state/objects.ts'
import type { PodLife, Workload } from '../../../state/timeline.ts'
import type { IsOurs } from './mine.ts'

/** An object that gets a box. */
export interface Thing {
  uid: string
  kind: string
  name: string
  namespace: string
  /** What kubectl would show of it in a few signs: a selector, `2/5`, `Bound 1Gi`. */
  note?: string
  isGone: boolean
  /** The thing that its box hangs under: its owner, what scales it, the claim that holds it. */
  under?: string
  /** The workload whose Pods all mount it: one line then says it for all. */
  mountedBy?: string
}

/** From a thing to a Pod. A Service `serves` those that are Ready, and only `selects` those that are not yet. */
export interface PodLink {
  from: string
  pod: string
  type: 'owns' | 'serves' | 'selects' | 'mounts'
}

export interface Graph {
  /** Each tree in one piece, its root first. */
  things: Thing[]
  links: PodLink[]
}

type Fields = Record<string, unknown>

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : [])

const pairs = (labels: unknown): string | undefined => {
  const words = Object.entries(fields(labels)).map(([key, value]) => `${key}=${value}`)
  return words.length > 0 ? words.join(',') : undefined
}

const utilisation = ({ spec, status }: KubeObject): string => {
  const { metrics, minReplicas = 1, maxReplicas } = fields(spec)
  const wanted = fields(fields(list(metrics)[0]?.resource).target).averageUtilization
  const now = fields(fields(list(fields(status).currentMetrics)[0]?.resource).current).averageUtilization
  return wanted === undefined ? `${minReplicas}-${maxReplicas}` : `${now ?? '?'}%/${wanted}%`
}

const size = ({ spec, status }: KubeObject): unknown =>
  fields(fields(status).capacity).storage ??
  fields(fields(fields(spec).resources).requests).storage ??
  fields(fields(spec).capacity).storage ??
  ''

const noteOf = (object: KubeObject): string | undefined => {
  const { kind, spec, status } = object
  const [wants, has] = [fields(spec), fields(status)]
  switch (kind) {
    case 'Deployment':
    case 'ReplicaSet':
      return pairs(fields(wants.selector).matchLabels)
    case 'Service':
    case 'ReplicationController':
      return pairs(wants.selector)
    case 'DaemonSet':
      return `${has.numberReady ?? 0}/${has.desiredNumberScheduled ?? 0}`
    case 'Job':
      return `${has.succeeded ?? 0}/${wants.completions ?? 1}`
    case 'CronJob':
      return String(wants.schedule ?? '')
    case 'HorizontalPodAutoscaler':
      return utilisation(object)
    case 'PersistentVolumeClaim':
    case 'PersistentVolume':
      return `${has.phase ?? ''} ${size(object)}`.trim()
    default:
      return undefined
  }
}

const thingOf = (object: KubeObject, more: Partial<Thing> = {}): Thing => {
  const { kind, metadata } = object
  const note = noteOf(object)
  return {
    uid: metadata.uid,
    kind,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    isGone: metadata.deletionTimestamp !== undefined,
    ...(note && { note }),
    ...more,
  }
}

interface Seen {
  /** The lesson's workloads that are there, or went in this episode. */
  workloads: readonly Workload[]
  pods: readonly PodLife[]
  objects: Objects['byKind']
  isOurs: IsOurs
}

/** Workloads, but of a Deployment's or CronJob's only those that have Pods to show. */
const owners = ({ workloads, pods, objects }: Seen): Thing[] =>
  workloads
    .filter(({ uid, owner }) => owner === undefined || pods.some(pod => pod.owner === uid))
    .map(({ uid, kind, name, namespace, owner, gone }) => {
      const object = objects.get(kind)?.get(uid)
      // a ReplicaSet's selector is its Deployment's with a hash
      const note = object && !(kind === 'ReplicaSet' && owner !== undefined) ? noteOf(object) : undefined
      const above = owner !== undefined && workloads.some(each => each.uid === owner) ? owner : undefined
      return { uid, kind, name, namespace, isGone: gone !== undefined, ...(note && { note }), ...(above && { under: above }) }
    })

/** Autoscalers stand above what they scale. */
const scaled = (things: readonly Thing[], { objects, isOurs }: Seen): Thing[] => {
  const scalers = [...(objects.get('HorizontalPodAutoscaler')?.values() ?? [])].filter(({ metadata }) =>
    isOurs(metadata.name, metadata.namespace ?? ''),
  )
  const of = ({ kind, name, namespace }: Thing): KubeObject | undefined =>
    scalers.find(({ metadata, spec }) => {
      const target = fields(fields(spec).scaleTargetRef)
      return metadata.namespace === namespace && target.kind === kind && target.name === name
    })
  return [
    ...scalers.map(each => thingOf(each)),
    ...things.map(thing => {
      const scaler = thing.under === undefined ? of(thing) : undefined
      return scaler ? { ...thing, under: scaler.metadata.uid } : thing
    }),
  ]
}

const services = ({ pods, objects, isOurs }: Seen): Graph => {
  const things: Thing[] = []
  const links: PodLink[] = []
  const shown = new Set(pods.map(({ uid }) => uid))
  const endpoints = [...(objects.get('Endpoints')?.values() ?? [])]
  for (const service of objects.get('Service')?.values() ?? []) {
    const { uid, name, namespace = '' } = service.metadata
    if (!isOurs(name, namespace)) continue
    things.push(thingOf(service))
    const found = endpoints.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace)
    for (const subset of list(found?.subsets))
      for (const [key, type] of [
        ['addresses', 'serves'],
        ['notReadyAddresses', 'selects'],
      ] as const)
        for (const address of list(subset[key])) {
          const pod = String(fields(address.targetRef).uid)
          if (shown.has(pod)) links.push({ from: uid, pod, type })
        }
  }
  return { things, links }
}

/** The workload that all of these Pods have, and that has no other Pod here. */
const commonOwner = (mounting: readonly PodLife[], pods: readonly PodLife[]): string | undefined => {
  const [first] = mounting
  const isAll = mounting.length > 1 && mounting.length === pods.filter(pod => pod.owner === first?.owner).length
  return isAll && mounting.every(pod => pod.owner === first?.owner) ? first?.owner : undefined
}

const volumes = ({ pods, objects, isOurs }: Seen): Graph => {
  const things: Thing[] = []
  const links: PodLink[] = []
  const specs = objects.get('Pod')
  const alive = pods.filter(({ gone }) => gone === undefined)
  const mounting = (field: string, key: string, { name, namespace }: KubeObject['metadata']): PodLife[] =>
    alive.filter(
      pod =>
        pod.namespace === namespace &&
        list(fields(specs?.get(pod.uid)?.spec).volumes).some(volume => fields(volume[field])[key] === name),
    )
  const add = (object: KubeObject, by: readonly PodLife[]): void => {
    const mountedBy = commonOwner(by, alive)
    things.push(thingOf(object, mountedBy === undefined ? {} : { mountedBy }))
    if (mountedBy === undefined) for (const { uid: pod } of by) links.push({ from: object.metadata.uid, pod, type: 'mounts' })
  }
  for (const map of objects.get('ConfigMap')?.values() ?? []) {
    const by = mounting('configMap', 'name', map.metadata)
    if (by.length > 0) add(map, by)
  }
  const bound = new Map<unknown, string>()
  for (const claim of objects.get('PersistentVolumeClaim')?.values() ?? []) {
    const { uid, name, namespace = '' } = claim.metadata
    const by = mounting('persistentVolumeClaim', 'claimName', claim.metadata)
    if (by.length === 0 && !isOurs(name, namespace)) continue
    add(claim, by)
    bound.set(fields(claim.spec).volumeName, uid)
  }
  for (const volume of objects.get('PersistentVolume')?.values() ?? []) {
    const under = bound.get(volume.metadata.name)
    if (under !== undefined || isOurs(volume.metadata.name, ''))
      things.push(thingOf(volume, under === undefined ? {} : { under }))
  }
  return { things, links }
}

/** Each thing after the one that it hangs under. */
const inTrees = (things: readonly Thing[]): Thing[] => {
  const known = new Set(things.map(({ uid }) => uid))
  const below = (uid: string | undefined): Thing[] =>
    things
      .filter(({ under }) => (under !== undefined && known.has(under) ? under : undefined) === uid)
      .flatMap(thing => [thing, ...below(thing.uid)])
  return below(undefined)
}

export const graphOf = (seen: Seen): Graph => {
  const workloads = scaled(owners(seen), seen)
  const shown = new Set(workloads.map(({ uid }) => uid))
  const owns = seen.pods.flatMap(({ uid, owner }): PodLink[] =>
    owner !== undefined && shown.has(owner) ? [{ from: owner, pod: uid, type: 'owns' }] : [],
  )
  const found = services(seen)
  const held = volumes(seen)
  return { things: inTrees([...workloads, ...found.things, ...held.things]), links: [...owns, ...found.links, ...held.links] }
}
