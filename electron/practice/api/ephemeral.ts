// Ephemeral containers, which join a running Pod to look into it: only added, never changed.

import type { EphemeralContainer } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import { duplicate, faultAt, forbiddenValue, labelFault, missing, required } from '../resources/faults.ts'
import type { PodObject } from '../resources/pod-object.ts'
import { invalid } from '../status-error.ts'

// Models kubernetes/pkg/apis/core/validation/validation.go, validateEphemeralContainers and ValidatePodEphemeralContainersUpdate.

const at = 'spec.ephemeralContainers'
const never = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'resizePolicy'] as const

const faultsOf = (container: EphemeralContainer, index: number, { spec }: PodObject): FieldError[] => {
  const here = `${at}[${index}]`
  const others = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? []).slice(0, index)]
  const faults: FieldError[] = []
  if (!container.name) faults.push(required(`${here}.name`))
  else faults.push(...faultAt(`${here}.name`, container.name, labelFault(container.name)))
  if (others.some(({ name }) => name === container.name)) faults.push(duplicate(`${here}.name`, container.name))
  if (!container.image) faults.push(required(`${here}.image`))
  for (const field of never)
    if (container[field] !== undefined)
      faults.push(forbiddenValue(`${here}.${field}`, 'cannot be set for an Ephemeral Container'))
  if (container.resources?.limits || container.resources?.requests)
    faults.push(forbiddenValue(`${here}.resources`, 'cannot be set for an Ephemeral Container'))
  const target = container.targetContainerName
  if (target && ![...(spec.initContainers ?? []), ...spec.containers].some(({ name }) => name === target))
    faults.push(missing(`${here}.targetContainerName`, target))
  return faults
}

/** Checks what joins a Pod. @throws StatusError 422 */
export const checkDebuggers = (object: KubeObject, before: KubeObject): void => {
  const [pod, old] = [object, before] as [PodObject, PodObject]
  const wanted = pod.spec.ephemeralContainers ?? []
  const faults = wanted.flatMap((each, index) => faultsOf(each, index, pod))
  for (const container of old.spec.ephemeralContainers ?? []) {
    const now = wanted.find(({ name }) => name === container.name)
    // What was filled in when it joined may be left out.
    if (now && isEqual({ ...container, ...now }, container)) continue
    const why = `existing ephemeral containers ${JSON.stringify(container.name)} may not be ${now ? 'changed' : 'removed'}`
    faults.push(forbiddenValue(at, why))
  }
  if (faults.length > 0) throw invalid('Pod', old.metadata.name, faults)
}
