// The rules between a request and the store: what the API server does for HTTP clients and for our own controllers alike.

import type { KubeObject } from './object.ts'
import type { Resource } from './resource.ts'
import type { Status } from './status-error.ts'
import type { Store } from './store.ts'

export interface WriteOptions {
  dryRun?: boolean
  /** `status`: only status changes; `scale` is handled by the API in terms of `update`. */
  subresource?: 'status'
}

export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  preconditions?: { uid?: string; resourceVersion?: string }
  dryRun?: boolean
}

/** Every method throws StatusError in Kubernetes' words. Objects given are not kept: the registry stores copies. */
export interface Registry {
  readonly store: Store
  /** All kinds served, in discovery order. */
  readonly resources: readonly Resource[]
  /** @throws StatusError 404 for a key that is not served */
  resource(key: string): Resource
  /** Generates name, uid and times; defaults; validates; stores. */
  create(key: string, object: Partial<KubeObject>, options?: WriteOptions): KubeObject
  /** Replaces; a resourceVersion in the object is a precondition; bumps generation when spec changes. */
  update(key: string, object: KubeObject, options?: WriteOptions): KubeObject
  /**
   * Reads, changes a private copy and writes it, again on conflict; returns the stored object, or undefined where it is gone.
   * `change` returns undefined to leave the object as it is.
   */
  modify(
    key: string,
    namespace: string,
    name: string,
    change: (copy: KubeObject) => KubeObject | undefined,
    options?: WriteOptions,
  ): KubeObject | undefined
  /** Sets deletionTimestamp where a grace period or finalizers hold the object, else removes it. */
  delete(key: string, namespace: string, name: string, options?: DeleteOptions): KubeObject | Status
}
