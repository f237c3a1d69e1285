// A Pod's volumes as file trees: ConfigMaps, Secrets, projections, empty and host directories.

import type {
  ConfigMapProjection,
  Container,
  DownwardAPIVolumeFile,
  KeyToPath,
  SecretProjection,
  ServiceAccountTokenProjection,
  Volume,
} from 'kubernetes-types/core/v1.js'
import type { Tokens } from '../auth/tokens.ts'
import type { ConfigMap, Pod, Secret } from '../controllers/kinds.ts'
import { createFileTree, type FileTree } from '../images/files.ts'
import type { PersistentVolumeObject } from '../resources/persistent-volume.ts'
import type { PersistentVolumeClaimObject } from '../resources/persistent-volume-claim.ts'
import type { Store } from '../store.ts'
import { fieldValue, type Place, resourceValue } from './fields.ts'
import type { Mount } from './runtime.ts'

// Models kubernetes/pkg/volume/configmap, secret, projected, downwardapi, emptydir and hostpath

/** A volume that cannot be set up yet; its message follows `MountVolume.SetUp failed for volume "x" : `. */
export class MountError extends Error {}

export interface VolumeSources {
  store: Store
  tokens: Tokens
  /** Milliseconds since the epoch. */
  now(): number
  /** The directory of a node, shared by all Pods there. */
  hostPath(node: string, path: string): FileTree
  /** The storage behind a PersistentVolume, kept as long as that is there. */
  persistent(volume: PersistentVolumeObject): FileTree
  /** An empty directory of a Pod, kept as long as the Pod. */
  scratch(pod: Pod, volume: Volume): FileTree
}

interface FileToBe {
  path: string
  data: Uint8Array
  mode: number
}

const text = (value: string): Uint8Array => Buffer.from(value)

const keyed = (data: Record<string, Uint8Array>, items: KeyToPath[] | undefined, optional: boolean, mode: number): FileToBe[] => {
  if (!items) return Object.entries(data).map(([path, bytes]) => ({ path, data: bytes, mode }))
  return items.flatMap(item => {
    const bytes = data[item.key]
    if (!bytes && !optional) throw new MountError(`references non-existent config key: ${item.key}`)
    return bytes ? [{ path: item.path, data: bytes, mode: item.mode ?? mode }] : []
  })
}

const fromConfigMap = (pod: Pod, source: ConfigMapProjection, mode: number, { store }: VolumeSources): FileToBe[] => {
  const { name = '', items, optional = false } = source
  const map = store.get('configmaps', pod.metadata.namespace ?? '', name) as ConfigMap | undefined
  if (!map && !optional) throw new MountError(`configmap "${name}" not found`)
  const data: Record<string, Uint8Array> = {}
  for (const [key, value] of Object.entries(map?.data ?? {})) data[key] = text(value)
  for (const [key, value] of Object.entries(map?.binaryData ?? {})) data[key] = Buffer.from(value, 'base64')
  return keyed(data, items, optional, mode)
}

const fromSecret = (pod: Pod, source: SecretProjection, mode: number, { store }: VolumeSources): FileToBe[] => {
  const { name = '', items, optional = false } = source
  const secret = store.get('secrets', pod.metadata.namespace ?? '', name) as Secret | undefined
  if (!secret && !optional) throw new MountError(`secret "${name}" not found`)
  const data = Object.entries(secret?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')])
  return keyed(Object.fromEntries(data), items, optional, mode)
}

const fromDownwardApi = (pod: Pod, items: DownwardAPIVolumeFile[] | undefined, mode: number, place: Place): FileToBe[] =>
  (items ?? []).map(item => {
    const container = pod.spec.containers.find(({ name }) => name === item.resourceFieldRef?.containerName)
    const value = item.fieldRef
      ? fieldValue(item.fieldRef, pod, place)
      : item.resourceFieldRef && container
        ? resourceValue(item.resourceFieldRef, container)
        : ''
    return { path: item.path, data: text(value), mode: item.mode ?? mode }
  })

/** A token of the Pod's own ServiceAccount, which ends with the Pod. @throws MountError */
const token = (pod: Pod, source: ServiceAccountTokenProjection, { store, tokens }: VolumeSources): FileToBe => {
  const { path, expirationSeconds: seconds = 3600, audience } = source
  const { namespace = '', name, uid } = pod.metadata
  const { serviceAccountName = 'default' } = pod.spec
  const account = store.get('serviceaccounts', namespace, serviceAccountName)
  if (!account) throw new MountError(`failed to fetch token: serviceaccounts "${serviceAccountName}" not found`)
  const request = { namespace, account: account.metadata, seconds, bound: { kind: 'Pod', name, uid } } as const
  return { path, data: text(tokens.issue({ ...request, ...(audience && { audiences: [audience] }) }).token), mode: 0o600 }
}

/** The files of a volume that mirrors the API; undefined for one that has a life of its own. */
const filesOf = (pod: Pod, volume: Volume, place: Place, sources: VolumeSources): FileToBe[] | undefined => {
  const { configMap, secret, projected, downwardAPI } = volume
  if (configMap) return fromConfigMap(pod, configMap, configMap.defaultMode ?? 0o644, sources)
  if (secret) return fromSecret(pod, { ...secret, name: secret.secretName }, secret.defaultMode ?? 0o644, sources)
  if (downwardAPI) return fromDownwardApi(pod, downwardAPI.items, downwardAPI.defaultMode ?? 0o644, place)
  if (!projected) return undefined
  const mode = projected.defaultMode ?? 0o644
  return (projected.sources ?? []).flatMap(source => [
    ...(source.configMap ? fromConfigMap(pod, source.configMap, mode, sources) : []),
    ...(source.secret ? fromSecret(pod, source.secret, mode, sources) : []),
    ...(source.downwardAPI ? fromDownwardApi(pod, source.downwardAPI.items, mode, place) : []),
    ...(source.serviceAccountToken ? [token(pod, source.serviceAccountToken, sources)] : []),
  ])
}

const put = (tree: FileTree, path: string, data: Uint8Array, mode: number): void => {
  const folder = path.slice(0, path.lastIndexOf('/'))
  if (folder && !tree.exists(folder)) tree.makeDirectory(folder)
  tree.write(path, data, mode)
}

/** The storage that a claim got; a hand-made volume may name a directory of the node. @throws MountError */
const fromClaim = (pod: Pod, name: string, place: Place, { store, hostPath, persistent }: VolumeSources): FileTree => {
  const claim = store.get('persistentvolumeclaims', pod.metadata.namespace ?? '', name) as PersistentVolumeClaimObject | undefined
  if (!claim) throw new MountError(`persistentvolumeclaim "${name}" not found`)
  const volume = store.get('persistentvolumes', '', claim.spec.volumeName ?? '') as PersistentVolumeObject | undefined
  if (!volume || claim.status?.phase !== 'Bound') throw new MountError(`PVC ${pod.metadata.namespace}/${name} is not bound`)
  const isMade = volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] !== undefined
  const path = volume.spec.hostPath?.path ?? volume.spec.local?.path
  return path !== undefined && !isMade ? hostPath(place.nodeName, path) : persistent(volume)
}

/** A volume whose files are the API's, not a disk's. */
export const isMirror = ({ configMap, secret, projected, downwardAPI }: Volume): boolean =>
  Boolean(configMap ?? secret ?? projected ?? downwardAPI)

/** A volume's tree. @throws MountError */
export const createVolume = (pod: Pod, volume: Volume, place: Place, sources: VolumeSources): FileTree => {
  if (volume.hostPath) return sources.hostPath(place.nodeName, volume.hostPath.path)
  if (volume.persistentVolumeClaim) return fromClaim(pod, volume.persistentVolumeClaim.claimName, place, sources)
  if (!isMirror(volume)) return sources.scratch(pod, volume)
  const tree = createFileTree(sources.now)
  for (const { path, data, mode } of filesOf(pod, volume, place, sources) ?? []) put(tree, `/${path}`, data, mode)
  return tree
}

/**
 * Brings a mirroring volume up to date with the API; true where a file changed.
 * A changed file is a new one, so that a subPath mount keeps the old, as on a real node.
 */
export const refreshVolume = (tree: FileTree, pod: Pod, volume: Volume, place: Place, sources: VolumeSources): boolean => {
  // Only ConfigMaps and Secrets change while a Pod runs.
  if (!volume.configMap && !volume.secret) return false
  const wanted = filesOf(pod, volume, place, sources) ?? []
  let changed = false
  for (const { path, data, mode } of wanted) {
    const at = `/${path}`
    if (tree.exists(at) && Buffer.compare(tree.read(at), data) === 0) continue
    if (tree.exists(at)) tree.remove(at)
    put(tree, at, data, mode)
    changed = true
  }
  return changed
}

/** A container's mounts, from the Pod's volumes by name; what mirrors the API is always read-only. */
export const mountsOf = (pod: Pod, container: Container, volumes: ReadonlyMap<string, FileTree>): Mount[] =>
  (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath, readOnly = false }) => {
    const tree = volumes.get(name)
    const volume = pod.spec.volumes?.find(each => each.name === name)
    if (!tree || !volume) return []
    return [{ path: mountPath, volume: tree, readOnly: readOnly || isMirror(volume), ...(subPath && { subPath }) }]
  })
