// Why an object that a check looks at is not ready: the cause that the diagnosis names. Pure.

import type { Diagnosis } from '../contract/diagnosis.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import { isOf, type Look, type Rule } from './hint.ts'
import { isLeaving } from './pods.ts'
import { find } from './refs.ts'

/** Undefined where nothing is wrong, or what is wrong will pass by itself. */
export const troubleOf = ({ check: { test }, scene, snapshot }: Omit<Look, 'facts' | 'gate'>): Diagnosis | undefined => {
  if (!isOf(test)) return undefined
  for (const object of find(snapshot, test.of, scene.namespace)) {
    if (isLeaving(object)) continue
    const found = diagnose(object, snapshot)
    if (found === undefined) continue
    if (found.cause !== 'service.noneReady') return found
    // Pods that are just starting are no trouble; those that cannot start say why
    const { selector } = (object.spec ?? {}) as { selector?: Record<string, string> }
    const pods = find(snapshot, { kind: 'Pod', selector }, object.metadata.namespace ?? scene.namespace)
    for (const pod of pods) {
      const under = isLeaving(pod) ? undefined : diagnose(pod, snapshot)
      if (under !== undefined) return under
    }
  }
  return undefined
}

export const trouble: Rule = look => {
  const found = troubleOf(look)
  return found === undefined ? undefined : { trouble: found }
}
