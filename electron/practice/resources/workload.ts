// What Deployments and ReplicaSets (and later workloads) share: their selector and Pod template.

import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { FieldError } from '../field-error.ts'
import { matchesSelector, selectorFaults } from '../selectors.ts'
import { invalidValue, labelsFaults, notNegative, required, unsupported } from './faults.ts'
import { podSpecFaults } from './pod-spec-faults.ts'

/** Faults of a selector and of the template it must match. Models kubernetes/pkg/apis/apps/validation. */
export const templateFaults = (
  kind: string,
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
  replicas: number | undefined,
): FieldError[] => {
  const faults: FieldError[] = [...notNegative('spec.replicas', replicas)]
  if (!selector) faults.push(required('spec.selector'))
  else {
    faults.push(...selectorFaults('spec.selector', selector))
    if (Object.keys(selector.matchLabels ?? {}).length === 0 && !selector.matchExpressions?.length) {
      faults.push(invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`))
    }
  }
  if (!template) return [...faults, required('spec.template')]
  const labels = template.metadata?.labels ?? {}
  if (selector && faults.length === 0 && !matchesSelector(selector, labels)) {
    const field = 'spec.template.metadata.labels'
    faults.push(invalidValue(field, labels, '`selector` does not match template `labels`'))
  }
  faults.push(...labelsFaults('spec.template.labels', template.metadata?.labels))
  faults.push(...podSpecFaults(template.spec, 'spec.template.spec'))
  const policy = template.spec?.restartPolicy
  if (policy === 'OnFailure' || policy === 'Never') {
    faults.push(unsupported('spec.template.spec.restartPolicy', policy, ['Always']))
  }
  return faults
}
