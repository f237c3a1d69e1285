// Storage as rows: claims with the volume that each has, volumes that nobody claims, and the classes that make volumes.

import type { KubeObject } from '../../../electron/contract/cluster.ts'
import type { StateName } from '../../parts/state-shape.tsx'
import { type Objects, objectsOf } from '../../state/objects.ts'
import { byName } from './sheet.ts'

export interface StorageRow {
  uid: string
  name: string
  namespace: string
  kind: 'PersistentVolumeClaim' | 'PersistentVolume' | 'StorageClass'
  state: StateName
  /** Kubernetes' own word: Bound, Pending; a class's provisioner. */
  phase: string
  size: string
  /** Its StorageClass, its volume, or its claim. */
  of: string
  isDefault: boolean
}

interface Storage {
  phase?: string
  capacity?: { storage?: string }
  resources?: { requests?: { storage?: string } }
  storageClassName?: string
  volumeName?: string
  claimRef?: { name?: string }
}

const states: Readonly<Record<string, StateName>> = {
  Bound: 'ready',
  Available: 'pending',
  Pending: 'progressing',
  Released: 'pending',
  Failed: 'failed',
  Lost: 'failed',
}

const rowOf = (object: KubeObject, kind: StorageRow['kind']): StorageRow => {
  const { uid, name, namespace = '', annotations = {} } = object.metadata
  const spec = (object.spec ?? {}) as Storage
  const status = (object.status ?? {}) as Storage
  const base = { uid, name, namespace, kind, isDefault: annotations['storageclass.kubernetes.io/is-default-class'] === 'true' }
  if (kind === 'StorageClass') return { ...base, state: 'ready', phase: String(object.provisioner ?? ''), size: '', of: '' }
  const phase = status.phase ?? 'Pending'
  const size = status.capacity?.storage ?? spec.capacity?.storage ?? spec.resources?.requests?.storage ?? ''
  const of = kind === 'PersistentVolume' ? (spec.claimRef?.name ?? '') : (spec.volumeName ?? spec.storageClassName ?? '')
  return { ...base, state: states[phase] ?? 'progressing', phase, size, of }
}

/** Claims first; volumes; classes only where there is a claim or a volume to explain. */
export const storageRows = (objects: Objects, namespace?: string): StorageRow[] => {
  const rows = (kind: StorageRow['kind']) =>
    objectsOf(objects, kind)
      .map(object => rowOf(object, kind))
      .sort(byName)
  const claims = rows('PersistentVolumeClaim').filter(row => namespace === undefined || row.namespace === namespace)
  const used = [...claims, ...rows('PersistentVolume')]
  return used.length === 0 ? [] : [...used, ...rows('StorageClass')]
}
