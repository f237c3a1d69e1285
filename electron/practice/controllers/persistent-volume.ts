// Binds claims to volumes, makes volumes for them, and reclaims what claims have left: carries out decideClaim and decideVolume.

import { isEqual } from '../clone.ts'
import { type KubeObject, keyOf, splitKey } from '../object.ts'
import { randomUid } from '../random.ts'
import { VOLUME_PROTECTION, type PersistentVolumeObject as Volume } from '../resources/persistent-volume.ts'
import { CLAIM_PROTECTION, type PersistentVolumeClaimObject as Claim } from '../resources/persistent-volume-claim.ts'
import { isDefaultClass, type StorageClassObject as StorageClass } from '../resources/storage-class.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Pod } from './kinds.ts'
import { decideClaim, decideVolume } from './persistent-volume-decision.ts'

// Models kubernetes/pkg/controller/volume/persistentvolume, pvcprotection and pvprotection
/** How often a claim that waits is looked at, and its Event counted up. */
const RETRY_MS = 15_000

const VOLUME = 'volume|'
const CLAIM = 'claim|'

/** Keys of the claims that a Pod mounts. */
export const claimKeysOf = ({ metadata, spec }: Pod): string[] =>
  (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [`${metadata.namespace}/${persistentVolumeClaim.claimName}`] : [],
  )

/** The controller; its keys are `claim|namespace/name` and `volume|name`. */
export const persistentVolume = ({ registry, clock, record }: ControllerContext, random: () => number): Controller => {
  const { store } = registry
  const claims = () => store.list('persistentvolumeclaims') as readonly Claim[]
  const waiting = () => claims().flatMap(claim => (claim.status?.phase === 'Bound' ? [] : [`${CLAIM}${keyOf(claim)}`]))

  /** Writes an object and its status where they changed; the stored object. */
  const write = (resource: string, old: KubeObject, wanted: KubeObject): KubeObject => {
    const { namespace = '', name } = old.metadata
    let stored: KubeObject = old
    if (!isEqual({ ...old, status: undefined }, { ...wanted, status: undefined })) stored = registry.update(resource, wanted)
    const withStatus = (copy: KubeObject) => ({ ...copy, status: wanted.status })
    return registry.modify(resource, namespace, name, withStatus, { subresource: 'status' }) ?? stored
  }

  const syncClaim = (key: string): undefined | { after: number } => {
    const { namespace, name } = splitKey(key)
    const claim = store.get('persistentvolumeclaims', namespace, name) as Claim | undefined
    if (!claim) return undefined
    if (claim.metadata.deletionTimestamp) return release(claim)
    const classes = store.list('storageclasses.storage.k8s.io') as readonly StorageClass[]
    const defaultClass = classes.find(isDefaultClass)?.metadata.name
    const volumes = store.list('persistentvolumes') as readonly Volume[]
    const path = `/tmp/hostpath_pv/${randomUid(random)}`
    const decision = decideClaim(
      { claim, volumes, classes, ...(defaultClass !== undefined && { defaultClass }), path },
      clock.now(),
    )
    if (decision.create) registry.create('persistentvolumes', decision.create)
    if (decision.volume) {
      const old = store.get('persistentvolumes', '', decision.volume.metadata.name)
      if (old) write('persistentvolumes', old, decision.volume)
    }
    const stored = write('persistentvolumeclaims', claim, decision.claim)
    const told = decision.note
    if (told) record(stored, told.type, told.reason, told.message)
    return told && !decision.create ? { after: RETRY_MS } : undefined
  }

  /** Lets a claim go that no Pod uses. */
  const release = (claim: Claim): undefined => {
    const { namespace = '', name, finalizers } = claim.metadata
    if (!finalizers?.includes(CLAIM_PROTECTION)) return undefined
    const pods = store.list('pods', namespace) as readonly Pod[]
    if (pods.some(pod => pod.spec.nodeName && claimKeysOf(pod).includes(keyOf(claim)))) return undefined
    registry.modify('persistentvolumeclaims', namespace, name, copy => {
      copy.metadata.finalizers = copy.metadata.finalizers?.filter(finalizer => finalizer !== CLAIM_PROTECTION)
      return copy
    })
    return undefined
  }

  const syncVolume = (name: string): undefined => {
    const volume = store.get('persistentvolumes', '', name) as Volume | undefined
    if (!volume) return undefined
    const { claimRef } = volume.spec
    const claim =
      claimRef && (store.get('persistentvolumeclaims', claimRef.namespace ?? '', claimRef.name ?? '') as Claim | undefined)
    const { status, finalizers, remove, note } = decideVolume(volume, claim, VOLUME_PROTECTION, clock.now())
    if (note && !isEqual(status, volume.status)) record(volume, note.type, note.reason, note.message)
    if (!isEqual(status, volume.status))
      registry.modify('persistentvolumes', '', name, copy => ({ ...copy, status }), { subresource: 'status' })
    if (remove) registry.delete('persistentvolumes', '', name)
    else if (finalizers)
      registry.modify('persistentvolumes', '', name, copy => {
        copy.metadata.finalizers = [...finalizers]
        return copy
      })
    return undefined
  }

  return {
    name: 'persistentvolume',
    watches: {
      persistentvolumeclaims: ({ type, object }) => {
        const { volumeName } = (object as Claim).spec
        return [...(volumeName ? [`${VOLUME}${volumeName}`] : []), ...(type === 'DELETED' ? [] : [`${CLAIM}${keyOf(object)}`])]
      },
      persistentvolumes: ({ type, object, previous }) => {
        const { claimRef } = (object as Volume).spec
        const isFree = (object as Volume).status?.phase === 'Available'
        const isNews = isFree && (previous as Volume | undefined)?.status?.phase !== 'Available'
        return [
          ...(type === 'DELETED' ? [] : [`${VOLUME}${object.metadata.name}`]),
          ...(claimRef ? [`${CLAIM}${claimRef.namespace}/${claimRef.name}`] : []),
          ...(isNews ? waiting() : []),
        ]
      },
      'storageclasses.storage.k8s.io': waiting,
      pods: ({ type, object }) => (type === 'DELETED' ? claimKeysOf(object as Pod).map(key => `${CLAIM}${key}`) : []),
    },
    reconcile: key => (key.startsWith(VOLUME) ? syncVolume(key.slice(VOLUME.length)) : syncClaim(key.slice(CLAIM.length))),
  }
}
