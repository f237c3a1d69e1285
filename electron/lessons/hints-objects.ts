// Hints from the objects themselves: not there, another name, too few, on their way. Pure.

import { commandFor, isOf, podsBehind, type Rule, say } from './hint.ts'
import { isLeaving, isReady, statusOf } from './pods.ts'
import { find, objectsIn, refText, selectorText } from './refs.ts'

export const gated: Rule = ({ gate, scene }) => {
  if (gate === undefined) return undefined
  const first = scene.tasks.flatMap(task => task.checks).find(check => check.id === gate)
  return first === undefined ? undefined : say('first', { check: first.text })
}

export const needed: Rule = ({ scene, snapshot }) => {
  const lacks = scene.needs.find(ref => find(snapshot, ref, scene.namespace).length === 0)
  return lacks === undefined ? undefined : say('needs', { object: refText(lacks) })
}

export const notRun: Rule = look => {
  if (look.check.test.type !== 'ran') return undefined
  const { pattern } = look.check.test
  const tried = look.facts.commands.findLast(command => pattern.test(command.line))
  const command = commandFor(look)
  if (tried !== undefined) return say('ranBadly', { command: tried.line, exitCode: tried.exitCode })
  return command === undefined ? undefined : say('notRun', { command })
}

export const stillThere: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object' || test.for.type !== 'delete') return undefined
  const [object] = find(look.snapshot, test.of, look.scene.namespace)
  if (object === undefined) return undefined
  return isLeaving(object) ? say('leaving', { name: object.metadata.name }) : say('stillThere', { object: refText(test.of) })
}

export const preexisting: Rule = ({ check: { test }, scene, snapshot, facts }) => {
  if (!isOf(test) || test.of.name === undefined) return undefined
  const [object] = find(snapshot, test.of, scene.namespace)
  const own = scene.creates.some(ref => refText(ref) === refText(test.of))
  return own && object !== undefined && facts.before.has(object.metadata.uid)
    ? say('preexisting', { object: refText(test.of) })
    : undefined
}

export const missing: Rule = look => {
  const { test } = look.check
  const { scene, snapshot } = look
  if (!isOf(test) || (test.type === 'object' && test.for.type === 'count')) return undefined
  if (find(snapshot, test.of, scene.namespace).length > 0) return undefined
  const all = snapshot.get(test.of.kind) ?? []
  const { name, namespace = scene.namespace } = test.of
  if (name !== undefined) {
    const elsewhere = all.find(({ metadata }) => metadata.name === name && metadata.namespace !== namespace)
    if (elsewhere !== undefined)
      return say('otherNamespace', { object: refText(test.of), found: elsewhere.metadata.namespace, wanted: namespace })
    const similar = objectsIn(snapshot, test.of.kind, namespace).find(({ metadata }) => isSimilar(metadata.name, name))
    if (similar !== undefined) return say('similarName', { found: similar.metadata.name, wanted: name })
  } else {
    const other = objectsIn(snapshot, test.of.kind, namespace).find(({ metadata }) => metadata.labels !== undefined)
    if (other !== undefined)
      return say('selectorEmpty', {
        selector: selectorText(test.of.selector),
        name: other.metadata.name,
        labels: selectorText(other.metadata.labels),
      })
  }
  const command = commandFor(look)
  return command === undefined
    ? say('notFound', { object: refText(test.of) })
    : say('notFoundRun', { object: refText(test.of), command })
}

/** Two names that a typing mistake could have made of one. */
export const isSimilar = (a: string, b: string): boolean => {
  if (a === b || Math.abs(a.length - b.length) > 2) return false
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]! <= 2
}

export const leavingPods: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object') return undefined
  const leaving = podsBehind(look).filter(isLeaving)
  if (leaving.length === 0) return undefined
  return test.for.type === 'count' || test.for.type === 'replaced'
    ? say('leavingMany', { count: leaving.length, name: leaving[0]?.metadata.name })
    : undefined
}

export const wrongCount: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object' || test.for.type !== 'count') return undefined
  const seen = find(look.snapshot, test.of, look.scene.namespace).length
  const key = seen < test.for.count ? 'tooFew' : 'tooMany'
  const selector = test.of.selector === undefined ? '' : selectorText(test.of.selector)
  return seen === test.for.count ? undefined : say(key, { seen, wanted: test.for.count, kind: test.of.kind, selector })
}

/** A Deployment or ReplicaSet that is told another number, or is on its way to the right one. */
export const replicas: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object' || test.for.type !== 'jsonpath' || !/[rR]eplicas\}$/.test(test.for.path)) return undefined
  const [object] = find(look.snapshot, test.of, look.scene.namespace)
  const { spec, status } = (object ?? {}) as { spec?: { replicas?: number }; status?: { readyReplicas?: number } }
  const wanted = Number(test.for.value)
  if (spec?.replicas !== undefined && spec.replicas !== wanted)
    return say('wrongReplicas', { object: refText(test.of), seen: spec.replicas, wanted })
  return say('progress', { ready: status?.readyReplicas ?? 0, wanted })
}

export const sameObject: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object' || test.for.type !== 'replaced') return undefined
  const objects = find(look.snapshot, test.of, look.scene.namespace)
  const old = look.facts.moments.get(look.check.since ?? '')
  const fresh = objects.find(({ metadata }) => old?.has(metadata.uid) === false)
  if (fresh !== undefined) return say('starting', { name: fresh.metadata.name, status: statusOf(fresh) })
  const command = commandFor(look)
  return command === undefined
    ? say('sameObject', { name: objects[0]?.metadata.name })
    : say('sameObjectRun', { name: objects[0]?.metadata.name, command })
}

export const notReadyYet: Rule = look => {
  const { test } = look.check
  if (!isOf(test) || test.of.kind !== 'Pod') return undefined
  const waits = podsBehind(look).find(pod => !isReady(pod))
  if (waits === undefined) return undefined
  const { name } = waits.metadata
  if (isLeaving(waits)) return say('leaving', { name })
  return say(statusOf(waits) === 'Running' ? 'notReady' : 'starting', { name, status: statusOf(waits) })
}

export const otherValue: Rule = look => {
  const { test } = look.check
  const command = commandFor(look)
  if (test.type === 'object' && command !== undefined) return say('tryCommand', { object: refText(test.of), command })
  return undefined
}
