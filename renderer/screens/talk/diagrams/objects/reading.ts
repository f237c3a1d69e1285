// Reading a cluster's objects for a picture: those of a kind, those of an owner, and the one most worth showing. Pure.

import type { Kind, KubeObject } from '../../../../../electron/contract/cluster.ts'
import { podState } from '../../../../state/pod-state.ts'
import { shortName } from '../pill.ts'

type Objects = readonly KubeObject[]

export const ofKind = (objects: Objects, kind: Kind): KubeObject[] => objects.filter(object => object.kind === kind)

/** Older first, so that what is drawn keeps its place when more comes. */
export const byBirth = (a: KubeObject, b: KubeObject): number =>
  a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) || a.metadata.name.localeCompare(b.metadata.name)

export const ownedBy = (objects: Objects, kind: Kind, owner: KubeObject | undefined): KubeObject[] =>
  ofKind(objects, kind)
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner?.metadata.uid))
    .toSorted(byBirth)

/** Somebody's own work before the cluster's, what stays before what leaves. */
const rank = ({ metadata: { namespace, deletionTimestamp } }: KubeObject): number =>
  (namespace?.startsWith('kube-') ? 0 : 2) + (deletionTimestamp ? 0 : 1)

/** The one most worth showing: what somebody made last. */
export const mostTelling = (objects: Objects): KubeObject | undefined =>
  objects.toSorted((a, b) => rank(a) - rank(b) || byBirth(a, b)).at(-1)

/** What an object is called in a picture: where its owner's name begins its own, by what tells it from its like. */
export const nameOf = ({ metadata: { name, ownerReferences } }: KubeObject): string =>
  shortName({ name, owner: ownerReferences?.[0] })

export const isReadyPod = (pod: KubeObject): boolean => podState(pod).word === 'ready'

/** As an object's own type, of which the picture reads only some. */
export const fieldsOf = <T extends object>(object: KubeObject | undefined): Partial<T> => (object ?? {}) as Partial<T>

export const uidsOf = (...objects: readonly (KubeObject | undefined)[]): ReadonlySet<string> =>
  new Set(objects.flatMap(object => object?.metadata.uid ?? []))

/** Of the monospaced face at its size in a drawing. */
const letter = 12.7

/** What does not fit ends in an ellipsis. */
export const cutTo = (text: string, width: number): string => {
  const most = Math.floor(width / letter)
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text
}
