// Resizing a running Pod: only what its containers ask for and may have of cpu and memory changes.

import type { Container } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import { forbiddenValue, invalidValue } from '../resources/faults.ts'
import type { PodObject } from '../resources/pod-object.ts'
import { podSpecFaults } from '../resources/pod-spec-faults.ts'
import { qosClass } from '../resources/quality.ts'
import { invalid } from '../status-error.ts'

// Models kubernetes/pkg/apis/core/validation/validation.go, ValidatePodResize.

const resizable = new Set(['cpu', 'memory'])

const withoutResizable = ({ resources, resizePolicy: _, ...container }: Container): object => {
  const others = (list: object = {}) => Object.fromEntries(Object.entries(list).filter(([name]) => !resizable.has(name)))
  return { ...container, resources: { limits: others(resources?.limits), requests: others(resources?.requests) } }
}
/** What a resize must leave as it is. */
const fixedPart = ({ spec }: PodObject): object => ({
  ...spec,
  containers: spec.containers.map(withoutResizable),
  ...(spec.initContainers && { initContainers: spec.initContainers.map(withoutResizable) }),
})

/** Nothing that was limited or asked for may be let go. */
const removalFaults = (container: Container, index: number, old: Container | undefined): FieldError[] =>
  (['limits', 'requests'] as const).flatMap(list =>
    Object.keys(old?.resources?.[list] ?? {})
      .filter(name => container.resources?.[list]?.[name] === undefined)
      .map(() =>
        forbiddenValue(`spec.containers[${index}].resources.${list}`, `resource ${list} cannot be removed once they are set`),
      ),
  )

/** Checks a resize. @throws StatusError 422 */
export const checkResize = (object: KubeObject, before: KubeObject): void => {
  const [pod, old] = [object, before] as [PodObject, PodObject]
  const faults = podSpecFaults(pod.spec, 'spec')
  for (const [index, container] of pod.spec.containers.entries())
    faults.push(...removalFaults(container, index, old.spec.containers[index]))
  const quality = qosClass(pod.spec)
  if (quality !== qosClass(old.spec))
    faults.push(invalidValue('spec', quality, 'Pod QOS Class may not change as a result of resizing'))
  if (!isEqual(fixedPart(pod), fixedPart(old)))
    faults.push(forbiddenValue('spec', 'only cpu and memory resources for non-sidecar containers are mutable'))
  if (faults.length > 0) throw invalid('Pod', old.metadata.name, faults)
}
