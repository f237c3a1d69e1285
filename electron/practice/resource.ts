// What the API must know of a kind: names, defaults, validation, columns. One file for each kind in resources/.

import type { Custom } from './custom/custom.ts'
import type { FieldError } from './field-error.ts'
import type { KubeObject } from './object.ts'
import type { Store } from './store.ts'

/** One column of a Table, as `kubectl get` prints it. `wide` ones show only with -owide (priority 1). */
export interface Column<T extends KubeObject = KubeObject> {
  name: string
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  format?: string
  description: string
  wide?: boolean
  /** 1 where it is wide; custom kinds may choose. */
  priority?: number
  /** The cell: `now` is milliseconds since the epoch, for ages. */
  cell(object: T, now: number): string | number | boolean | null
}

/** A kind or version whose objects are those of another one, in other words. */
export interface StoredAs {
  /** Of the kind in whose words they are stored. */
  key: string
  /** From what is stored; must give a new object. */
  read(object: KubeObject): KubeObject
  /** To what is stored; must give a new object. */
  write(object: KubeObject): KubeObject
}

/** Object types in resources/ narrow `spec` and `status` with the types of the package kubernetes-types. */
export interface Resource<T extends KubeObject = KubeObject> {
  group: string
  version: string
  kind: string
  plural: string
  singular: string
  /** `KindList` where there is none. */
  listKind?: string
  shortNames: readonly string[]
  /** `all` where `kubectl get all` shows it. */
  categories: readonly string[]
  namespaced: boolean
  subresources: readonly ('status' | 'scale')[]
  columns: readonly Column<T>[]
  storedAs?: StoredAs
  /** Of a kind that a definition in the cluster has made. */
  custom?: Custom
  /** Fills what the API server would; gets a private copy that it may change, and returns it. */
  defaults(object: T): T
  validate(object: T, old?: T): FieldError[]
  /** Field selectors beyond metadata.name and metadata.namespace. */
  fields?(object: T): Record<string, string>
  /** Faults of a name; without it, names are DNS subdomains. */
  nameFault?(name: string): string | undefined
  /** Whether an update counts as a new generation; kinds without it have no generation. */
  isNewGeneration?(object: T, old: T): boolean
  /** Called before an object is first stored (status reset, cluster IP given); gets a private copy, and returns it. */
  beforeCreate?(object: T, cluster: ClusterView): T
  /** Called before an update is stored, with the stored version; gets a private copy, and returns it. */
  beforeUpdate?(object: T, old: T, cluster: ClusterView): T
  /** Seconds between a delete and the removal; without it, objects go at once. */
  gracePeriod?(object: T, asked: number | undefined): number
  /** Called when an object is marked as being deleted; gets a private copy, and returns it. */
  beforeDelete?(object: T): T
  /** What else than finalizers holds a deleted object in the store. */
  isHeld?(object: T): boolean
}

/** What a kind may look at to fill an object: other objects (a Service needs a free IP), randomness and time. */
export interface ClusterView {
  store: Store
  random(): number
  /** RFC 3339, to the second. */
  timestamp(): string
}

/** `pods`, `deployments.apps`: how a resource is named in keys, messages and maps. */
export const resourceKey = (resource: { group: string; plural: string }): string =>
  resource.group ? `${resource.plural}.${resource.group}` : resource.plural
