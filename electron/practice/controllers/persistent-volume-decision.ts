// Which volume a claim gets, and what becomes of a volume. Pure.

import { isEqual } from '../clone.ts'
import { type ObjectMeta, timestamp } from '../object.ts'
import type { PersistentVolumeObject as Volume, VolumeSpec } from '../resources/persistent-volume.ts'
import type { PersistentVolumeClaimObject as Claim } from '../resources/persistent-volume-claim.ts'
import type { StorageClassObject as StorageClass } from '../resources/storage-class.ts'
import type { Note } from './kinds.ts'
import { quantity } from './quantity.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/controller/volume/persistentvolume/pv_controller.go and index.go, and pkg/volume/hostpath
/** The provisioner that works inside the cluster: volumes are directories. */
export const HOST_PATH = 'kubernetes.io/host-path'
/** Volumes of such a class are made by hand. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner'
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'
const BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller'
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by'
const PROVISIONERS = ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner']
/** Holds a volume until its storage is gone. */
export const DELETER = 'kubernetes.io/pv-controller'

export interface ClaimInput {
  claim: Claim
  volumes: readonly Volume[]
  classes: readonly StorageClass[]
  /** The name of a default class, for a claim that names none. */
  defaultClass?: string
  /** A directory for a new volume. */
  path: string
}

export interface ClaimDecision {
  claim: Claim
  /** To be made. */
  create?: Partial<Volume>
  /** To be updated: it has the claim now. */
  volume?: Volume
  note?: Note
}

const note = (type: Note['type'], reason: string, message: string): Note => ({ type, reason, message })

const annotated = <T extends { metadata: ObjectMeta }>(object: T, more: Record<string, string>): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...more } },
})

const isOurs = (claim: Claim, { spec: { claimRef } }: Volume): boolean =>
  claimRef?.name === claim.metadata.name &&
  claimRef.namespace === claim.metadata.namespace &&
  (claimRef.uid === undefined || claimRef.uid === claim.metadata.uid)

const fits = (claim: Claim, volume: Volume): boolean => {
  const { spec } = claim
  const free = volume.spec.claimRef ? isOurs(claim, volume) : volume.status?.phase === 'Available'
  return (
    free &&
    !volume.metadata.deletionTimestamp &&
    (volume.spec.storageClassName ?? '') === (spec.storageClassName ?? '') &&
    (volume.spec.volumeMode ?? 'Filesystem') === (spec.volumeMode ?? 'Filesystem') &&
    (spec.accessModes ?? []).every(mode => volume.spec.accessModes?.includes(mode)) &&
    quantity(volume.spec.capacity?.storage) >= quantity(spec.resources?.requests?.storage) &&
    (!spec.selector || selects(spec.selector, volume.metadata.labels))
  )
}

/** One that was made for the claim, else the smallest that is large enough. */
export const findVolume = (claim: Claim, volumes: readonly Volume[]): Volume | undefined => {
  const fitting = volumes.filter(volume => fits(claim, volume))
  const size = (volume: Volume) => quantity(volume.spec.capacity?.storage)
  return fitting.find(volume => volume.spec.claimRef) ?? fitting.sort((a, b) => size(a) - size(b))[0]
}

const refTo = ({ metadata: { namespace = '', name, uid, resourceVersion } }: Claim) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  name,
  namespace,
  resourceVersion,
  uid,
})

/** A volume that is kept for a claim: binding it comes next. */
export const keptFor = (claim: Claim, volume: Volume): Volume =>
  annotated({ ...volume, spec: { ...volume.spec, claimRef: refTo(claim) } }, { [BY_CONTROLLER]: 'yes' })

const bound = (claim: Claim, volume: Volume, now: number): ClaimDecision => {
  const claimRef = refTo(claim)
  const isNew = volume.spec.claimRef?.uid === undefined
  const taken = { ...volume, spec: { ...volume.spec, ...(isNew && { claimRef }) } }
  const capacity = volume.spec.capacity ?? {}
  const byController: Record<string, string> = claim.spec.volumeName ? {} : { [BY_CONTROLLER]: 'yes' }
  return {
    claim: {
      ...annotated(claim, { [BIND_COMPLETED]: 'yes', ...byController }),
      spec: { ...claim.spec, volumeName: volume.metadata.name },
      status: { ...claim.status, accessModes: volume.spec.accessModes ?? [], capacity, phase: 'Bound' },
    },
    volume: {
      ...(volume.spec.claimRef ? taken : annotated(taken, { [BY_CONTROLLER]: 'yes' })),
      status: phased(volume, 'Bound', now),
    },
  }
}

const phased = (volume: Volume, phase: string, now: number, message?: string): NonNullable<Volume['status']> => {
  if (volume.status?.phase === phase) return volume.status
  return { phase, ...(message && { message }), lastPhaseTransitionTime: timestamp(now) }
}

/** A volume for a claim, as the host-path provisioner makes it. */
const provisioned = (claim: Claim, { provisioner, reclaimPolicy, metadata }: StorageClass, path: string): Partial<Volume> => {
  return {
    metadata: {
      name: `pvc-${claim.metadata.uid}`,
      annotations: {
        'kubernetes.io/createdby': 'hostpath-dynamic-provisioner',
        [BY_CONTROLLER]: 'yes',
        [PROVISIONED_BY]: provisioner,
      },
      finalizers: [DELETER],
    } as Partial<ObjectMeta> as ObjectMeta,
    spec: {
      accessModes: claim.spec.accessModes ?? [],
      capacity: { storage: claim.spec.resources?.requests?.storage ?? '' },
      claimRef: refTo(claim),
      hostPath: { path, type: '' },
      persistentVolumeReclaimPolicy: reclaimPolicy ?? 'Delete',
      storageClassName: metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
    } as VolumeSpec,
  }
}

/** The next step for a claim without a volume, or to make good what it lost. */
export const decideClaim = ({ claim, volumes, classes, defaultClass, path }: ClaimInput, now: number): ClaimDecision => {
  if (claim.metadata.deletionTimestamp) return { claim }
  const { volumeName, storageClassName } = claim.spec
  const named = volumes.find(volume => volume.metadata.name === volumeName)
  if (claim.metadata.annotations?.[BIND_COMPLETED]) return keepBound(claim, named, now)
  if (volumeName) {
    if (!named) return { claim }
    if (!named.spec.claimRef || isOurs(claim, named)) return bound(claim, named, now)
    return { claim, note: note('Warning', 'FailedBinding', `volume "${volumeName}" already bound to a different claim.`) }
  }
  if (storageClassName === undefined && defaultClass !== undefined)
    return { claim: { ...claim, spec: { ...claim.spec, storageClassName: defaultClass } } }
  const storageClass = classes.find(({ metadata }) => metadata.name === storageClassName)
  const isDelayed =
    storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && claim.metadata.annotations?.[SELECTED_NODE] === undefined
  const found = isDelayed ? volumes.find(volume => volume.spec.claimRef && fits(claim, volume)) : findVolume(claim, volumes)
  if (found) return bound(claim, found, now)
  if (isDelayed) {
    const why = 'waiting for first consumer to be created before binding'
    return { claim, note: note('Normal', 'WaitForFirstConsumer', why) }
  }
  if (!storageClassName) {
    const why = 'no persistent volumes available for this claim and no storage class is set'
    return { claim, note: note('Normal', 'FailedBinding', why) }
  }
  if (!storageClass) {
    const why = `storageclass.storage.k8s.io "${storageClassName}" not found`
    return { claim, note: note('Warning', 'ProvisioningFailed', why) }
  }
  return provision(claim, storageClass, path)
}

const keepBound = (claim: Claim, volume: Volume | undefined, now: number): ClaimDecision => {
  const lost = (reason: string, message: string): ClaimDecision =>
    claim.status?.phase === 'Lost'
      ? { claim }
      : { claim: { ...claim, status: { phase: 'Lost' } }, note: note('Warning', reason, message) }
  if (!volume) return lost('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!')
  if (volume.spec.claimRef && !isOurs(claim, volume))
    return lost('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly')
  return bound(claim, volume, now)
}

const provision = (claim: Claim, storageClass: StorageClass, path: string): ClaimDecision => {
  const { provisioner } = storageClass
  if (provisioner === NO_PROVISIONER) return { claim }
  const asked = annotated(claim, Object.fromEntries(PROVISIONERS.map(name => [name, provisioner])))
  if (provisioner !== HOST_PATH) {
    const why =
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system ` +
      'administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.'
    return { claim: asked, note: note('Normal', 'ExternalProvisioning', why) }
  }
  const create = provisioned(claim, storageClass, path)
  const why = `Successfully provisioned volume ${create.metadata?.name} using ${provisioner}`
  return { claim: asked, create, note: note('Normal', 'ProvisioningSucceeded', why) }
}

export interface VolumeDecision {
  status: NonNullable<Volume['status']>
  /** What still holds the volume, where that changes. */
  finalizers?: readonly string[]
  /** Its storage is to be wiped, and the volume deleted. */
  remove?: boolean
  note?: Note
}

/** What is due for a volume, given the claim that its claimRef names. */
export const decideVolume = (volume: Volume, claim: Claim | undefined, protection: string, now: number): VolumeDecision => {
  const phase = phaseOf(volume, claim)
  const old = volume.metadata.finalizers ?? []
  const isHeld = (finalizer: string) => {
    if (!volume.metadata.deletionTimestamp) return true
    if (finalizer === protection) return phase === 'Bound'
    return finalizer !== DELETER || phase === 'Bound'
  }
  const finalizers = old.filter(isHeld)
  const decision: VolumeDecision = {
    status: phased(volume, phase, now),
    ...(!isEqual(old, finalizers) && { finalizers }),
  }
  const isReclaimed = phase === 'Released' && volume.spec.persistentVolumeReclaimPolicy === 'Delete'
  if (!isReclaimed || volume.metadata.deletionTimestamp) return decision
  const { hostPath } = volume.spec
  const by = volume.metadata.annotations?.[PROVISIONED_BY]
  if (by && by !== HOST_PATH) return decision
  // The deleter of host paths is made for tests and keeps to /tmp.
  if (hostPath && /^\/tmp\/.+/.test(hostPath.path)) return { ...decision, remove: true }
  const why = hostPath
    ? `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`
    : `error getting deleter volume plugin for volume "${volume.metadata.name}": no deletable volume plugin matched`
  return { status: phased(volume, 'Failed', now, why), note: note('Warning', 'VolumeFailedDelete', why) }
}

const phaseOf = (volume: Volume, claim: Claim | undefined): string => {
  const { claimRef } = volume.spec
  if (!claimRef?.uid) return 'Available'
  const isThere = claim?.metadata.uid === claimRef.uid
  if (isThere) return claim.spec.volumeName === volume.metadata.name ? 'Bound' : (volume.status?.phase ?? 'Available')
  return volume.status?.phase === 'Failed' ? 'Failed' : 'Released'
}
