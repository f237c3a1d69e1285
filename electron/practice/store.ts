// The store: objects by resource and key, one revision counter, and watches. It knows no kind and no rule.

import type { KubeObject } from './object.ts'

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** The resource key, `pods` or `deployments.apps`. */
  resource: string
  /** For DELETED: the last state, with the resourceVersion of the removal. */
  object: KubeObject
  previous?: KubeObject
  revision: number
}

/** Reads return stored objects themselves: never mutate them. */
export interface Store {
  /** Of the newest write; grows by one with each. */
  readonly revision: number
  get(resource: string, namespace: string, name: string): KubeObject | undefined
  /** Sorted by namespace and name, as etcd's keys are. No namespace: all of them. */
  list(resource: string, namespace?: string): readonly KubeObject[]
  /** Stores a new version and stamps its resourceVersion. @throws StatusError 409 when `expectedRevision` is not the stored one */
  put(resource: string, object: KubeObject, expectedRevision?: string): KubeObject
  remove(resource: string, namespace: string, name: string): KubeObject | undefined
  /**
   * Tells every later change of a resource (`*` for all), in order, synchronously after the write; first replays those after `since`.
   * @throws StatusError 410 when `since` is older than the history kept
   */
  watch(resource: string, since: number | undefined, listener: (change: Change) => void): () => void
}
