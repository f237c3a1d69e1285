// Pods from a template, the template's hash, and whether two templates are the same.

import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { clone, isEqual } from '../clone.ts'
import type { KubeObject, ObjectMeta } from '../object.ts'

export const TEMPLATE_HASH = 'pod-template-hash'

/** JSON with sorted keys and without undefined: equal values give equal text. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`
}

// Models kubernetes/apimachinery/pkg/util/rand/rand.go SafeEncodeString: no vowels, no digits that look like letters.
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'
const safeEncode = (text: string): string => [...text].map(char => SAFE[char.charCodeAt(0) % SAFE.length]).join('')

// Models kubernetes/pkg/controller/controller_utils.go ComputeHash: FNV-1a of the template and the collision count.
// Upstream hashes Go's own print of the struct, so the letters differ from a real cluster's; length and alphabet do not.
export const templateHash = (template: PodTemplateSpec, collisionCount?: number): string => {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(canonical(template) + (collisionCount ?? ''))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return safeEncode(String(hash))
}

/** Equal but for the hash label that a ReplicaSet's template carries. */
export const isSameTemplate = (a: PodTemplateSpec, b: PodTemplateSpec): boolean => isEqual(bare(a), bare(b))

const bare = (template: PodTemplateSpec) => {
  const { [TEMPLATE_HASH]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels, creationTimestamp: undefined } }
}

/** The Pod that an owner makes of its template; the registry gives it its name. */
export const podFromTemplate = (owner: KubeObject, template: PodTemplateSpec): Partial<KubeObject> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    generateName: `${owner.metadata.name}-`,
    namespace: owner.metadata.namespace,
    ...(template.metadata?.labels && { labels: { ...template.metadata.labels } }),
    ...(template.metadata?.annotations && { annotations: { ...template.metadata.annotations } }),
    ...(template.metadata?.finalizers && { finalizers: [...template.metadata.finalizers] }),
    ownerReferences: [ownerReference(owner)],
  } as ObjectMeta,
  spec: clone(template.spec),
})

/** The reference by which an owner controls its dependents. */
export const ownerReference = (owner: KubeObject) => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
})
