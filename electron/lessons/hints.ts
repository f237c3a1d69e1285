// From the actual state to the next thing to do: an ordered table of rules; the first that fires speaks. Pure.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { KubeObject } from '../contract/cluster.ts'
import { candidates, type Facts, fits, fitsExec, judgeObjects, type Scene } from './judge.ts'
import type { Check, Local, Ref, Test } from './lesson.ts'
import { conditionOf, isLeaving, isReady, podOf, statusOf, troubled } from './pods.ts'
import { find, objectsIn, refText, selectorText } from './refs.ts'

/** A sentence of the locale file (`lessons.hint.<key>`) with its facts, or the lesson's own words. */
export type Hint = { key: string; values: Readonly<Record<string, string | number | Local>> } | { say: Local }

/** All that a rule may look at. */
export interface Look {
  check: Check
  scene: Scene
  snapshot: Snapshot
  facts: Facts
  /** The id of the check that must pass before this one counts, while it has not. */
  gate?: string
}

export const hintFor = (look: Look): Hint => {
  const own = look.gate === undefined ? ownHint(look) : undefined
  if (own !== undefined) return own
  for (const rule of rules) {
    const hint = rule(look)
    if (hint !== undefined) return hint
  }
  return { key: 'wait', values: {} }
}

type Rule = (look: Look) => Hint | undefined

const say = (key: string, values: Readonly<Record<string, string | number | Local | undefined>> = {}): Hint => ({
  key,
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ''])),
})

/** The lesson's own rules: more exact than ours, as they know what is taught. */
const ownHint = ({ check, scene, snapshot, facts }: Look): Hint | undefined => {
  const found = check.hints.find(({ when }) => judgeObjects(when.for, candidates(when.of, scene, snapshot, facts)).passed)
  return found === undefined ? undefined : { say: found.say }
}

/** The action that makes a check pass, so that a hint can name its command. */
const commandFor = ({ check, scene }: Look): string | undefined =>
  scene.tasks.flatMap(task => task.actions).find(action => action.kind === 'run' && action.passes.includes(check.id))?.text

const isOf = (test: Test): test is Extract<Test, { of: Ref }> => test.type !== 'ran'

/** Pods that a check's object stands for: itself, those it selects, or those a controller of that name owns. */
const podsBehind = ({ check: { test }, scene, snapshot }: Look): KubeObject[] => {
  if (!isOf(test)) return []
  if (test.of.kind === 'Pod') return find(snapshot, test.of, scene.namespace)
  const owners = new Set(find(snapshot, test.of, scene.namespace).map(({ metadata }) => metadata.uid))
  const namespace = test.of.namespace ?? scene.namespace
  for (const between of ['ReplicaSet', 'Job'] as const)
    for (const set of objectsIn(snapshot, between, namespace)) if (ownedBy(set, owners)) owners.add(set.metadata.uid)
  return objectsIn(snapshot, 'Pod', namespace).filter(pod => ownedBy(pod, owners))
}

const ownedBy = ({ metadata }: KubeObject, owners: ReadonlySet<string>): boolean =>
  (metadata.ownerReferences ?? []).some(owner => owners.has(owner.uid))

const gated: Rule = ({ gate, scene }) => {
  if (gate === undefined) return undefined
  const first = scene.tasks.flatMap(task => task.checks).find(check => check.id === gate)
  return first === undefined ? undefined : say('first', { check: first.text })
}

const needed: Rule = ({ scene, snapshot }) => {
  const lacks = scene.needs.find(ref => find(snapshot, ref, scene.namespace).length === 0)
  return lacks === undefined ? undefined : say('needs', { object: refText(lacks) })
}

const notRun: Rule = look => {
  if (look.check.test.type !== 'ran') return undefined
  const { pattern } = look.check.test
  const tried = look.facts.commands.findLast(command => pattern.test(command.line))
  const command = commandFor(look)
  if (tried !== undefined) return say('ranBadly', { command: tried.line, exitCode: tried.exitCode })
  return command === undefined ? undefined : say('notRun', { command })
}

const stillThere: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object' || test.for.type !== 'delete') return undefined
  const [object] = find(look.snapshot, test.of, look.scene.namespace)
  if (object === undefined) return undefined
  return isLeaving(object) ? say('leaving', { name: object.metadata.name }) : say('stillThere', { object: refText(test.of) })
}

const preexisting: Rule = ({ check: { test }, scene, snapshot, facts }) => {
  if (!isOf(test) || test.of.name === undefined) return undefined
  const [object] = find(snapshot, test.of, scene.namespace)
  const own = scene.creates.some(ref => refText(ref) === refText(test.of))
  return own && object !== undefined && facts.before.has(object.metadata.uid)
    ? say('preexisting', { object: refText(test.of) })
    : undefined
}

const missing: Rule = look => {
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

/** Pods that cannot start, each with its cause in the cluster's own words. */
const podTrouble: Rule = look => {
  const pods = podsBehind(look)
  for (const pod of pods) {
    if (isLeaving(pod)) continue
    const container = troubled(pod)
    const { name } = pod.metadata
    const { reason, message } = container?.state?.waiting ?? {}
    const image = podOf(pod).spec?.containers?.find(each => each.name === container?.name)?.image
    if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff' || reason === 'InvalidImageName')
      return say('imagePull', { name, image, reason })
    if (reason === 'CrashLoopBackOff' || reason === 'RunContainerError')
      return say('crashLoop', { name, container: container?.name })
    if (reason === 'CreateContainerConfigError') return say('configMissing', { name, message })
    if (container?.state?.terminated !== undefined)
      return say('ended', { name, exitCode: container.state.terminated.exitCode, container: container.name })
    const scheduled = conditionOf(pod, 'PodScheduled')
    if (scheduled?.status === 'False') return say('unschedulable', { name, message: scheduled.message })
    const mount = mountTrouble(look.snapshot, pod)
    if (mount !== undefined && !isReady(pod)) return say('mount', { name, message: mount })
  }
  return undefined
}

const mountTrouble = (snapshot: Snapshot, pod: KubeObject): string | undefined => {
  const event = (snapshot.get('Event') ?? []).find(each => {
    const { reason, involvedObject } = each as { reason?: string; involvedObject?: { uid?: string } }
    return reason === 'FailedMount' && involvedObject?.uid === pod.metadata.uid
  })
  return event === undefined ? undefined : String((event as { message?: unknown }).message ?? '')
}

const leavingPods: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object') return undefined
  const leaving = podsBehind(look).filter(isLeaving)
  if (leaving.length === 0) return undefined
  return test.for.type === 'count' || test.for.type === 'replaced'
    ? say('leavingMany', { count: leaving.length, name: leaving[0]?.metadata.name })
    : undefined
}

const wrongCount: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object' || test.for.type !== 'count') return undefined
  const seen = find(look.snapshot, test.of, look.scene.namespace).length
  const key = seen < test.for.count ? 'tooFew' : 'tooMany'
  const selector = test.of.selector === undefined ? '' : selectorText(test.of.selector)
  return seen === test.for.count ? undefined : say(key, { seen, wanted: test.for.count, kind: test.of.kind, selector })
}

/** A Deployment or ReplicaSet that is told another number, or is on its way to the right one. */
const replicas: Rule = look => {
  const { test } = look.check
  if (test.type !== 'object' || test.for.type !== 'jsonpath' || !/[rR]eplicas\}$/.test(test.for.path)) return undefined
  const [object] = find(look.snapshot, test.of, look.scene.namespace)
  const { spec, status } = (object ?? {}) as { spec?: { replicas?: number }; status?: { readyReplicas?: number } }
  const wanted = Number(test.for.value)
  if (spec?.replicas !== undefined && spec.replicas !== wanted)
    return say('wrongReplicas', { object: refText(test.of), seen: spec.replicas, wanted })
  return say('progress', { ready: status?.readyReplicas ?? 0, wanted })
}

const sameObject: Rule = look => {
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

const notReadyYet: Rule = look => {
  const { test } = look.check
  if (!isOf(test) || test.of.kind !== 'Pod') return undefined
  const waits = podsBehind(look).find(pod => !isReady(pod))
  if (waits === undefined) return undefined
  const { name } = waits.metadata
  if (isLeaving(waits)) return say('leaving', { name })
  return say(statusOf(waits) === 'Running' ? 'notReady' : 'starting', { name, status: statusOf(waits) })
}

/** A Service that finds no Pod, or none that is Ready. */
const emptyService: Rule = ({ check: { test }, snapshot, scene }) => {
  if (!isOf(test) || test.of.kind !== 'Service' || test.type !== 'http') return undefined
  const [service] = find(snapshot, test.of, scene.namespace)
  const { selector } = (service?.spec ?? {}) as { selector?: Record<string, string> }
  if (service === undefined || selector === undefined) return undefined
  const pods = find(snapshot, { kind: 'Pod', selector }, scene.namespace)
  const values = { name: service.metadata.name, selector: selectorText(selector), count: pods.length }
  if (pods.length === 0) return say('serviceEmpty', values)
  return pods.some(isReady) ? undefined : say('serviceUnready', values)
}

const exec: Rule = look => {
  const { check, snapshot, scene, facts } = look
  const { test } = check
  if (test.type !== 'exec') return undefined
  const pods = find(snapshot, test.of, scene.namespace)
  const old = check.since === undefined ? undefined : facts.moments.get(check.since)
  const pod = pods.find(each => !old?.has(each.metadata.uid) && !isLeaving(each))
  const next = commandFor(look)
  const name = (pod ?? pods[0])?.metadata.name
  if (pod === undefined) return say(next === undefined ? 'sameObject' : 'sameObjectRun', { name, command: next })
  const answer = facts.answers.get(check.id)?.find(each => each.uid === pod.metadata.uid)
  const command = test.command.join(' ')
  if (answer === undefined) return say('execAsking', { name, command })
  if (fitsExec(test, answer)) return undefined
  if (answer.error !== undefined) return say('execError', { name, command, error: answer.error })
  if (answer.status !== 0) return say('execExit', { name, command, exitCode: answer.status })
  const values = { name, command, seen: answer.body?.trim().slice(0, 80), wanted: test.contains ?? test.atLeast, next }
  const key = test.atLeast === undefined ? 'execOther' : 'execTooFew'
  return say(next === undefined ? key : `${key}Run`, values)
}

const http: Rule = look => {
  const { check, snapshot, scene, facts } = look
  const { test } = check
  if (test.type !== 'http') return undefined
  const pods = find(snapshot, test.of, scene.namespace)
  const old = check.since === undefined ? undefined : facts.moments.get(check.since)
  const fresh = pods.filter(pod => !old?.has(pod.metadata.uid) && !isLeaving(pod))
  const command = commandFor(look)
  if (fresh.length === 0)
    return say(command === undefined ? 'sameObject' : 'sameObjectRun', { name: pods[0]?.metadata.name, command })
  const answers = facts.answers.get(check.id) ?? []
  for (const pod of fresh) {
    const { name } = pod.metadata
    const answer = answers.find(each => each.uid === pod.metadata.uid)
    if (answer === undefined) return say('asking', { name, path: test.path })
    if (fits(test, pod, answer)) continue
    if (answer.error !== undefined && pod.kind === 'Service')
      return say('serviceSilent', { name, port: test.port, error: answer.error })
    if (answer.error !== undefined) return say('noAnswer', { name, port: test.port, error: answer.error })
    if (answer.status !== test.status)
      return say(command === undefined ? 'httpStatus' : 'httpStatusRun', {
        name,
        path: test.path,
        seen: answer.status,
        wanted: test.status,
        command,
      })
    if (answer.bodies !== undefined && answer.bodies.length < test.varies)
      return say('httpSame', { name, path: test.path, seen: answer.bodies.length, wanted: test.varies })
    return say('httpBody', { name, path: test.path, wanted: test.contains, command })
  }
  return undefined
}

const otherValue: Rule = look => {
  const { test } = look.check
  const command = commandFor(look)
  if (test.type === 'object' && command !== undefined) return say('tryCommand', { object: refText(test.of), command })
  return undefined
}

const rules: readonly Rule[] = [
  needed,
  gated,
  notRun,
  stillThere,
  preexisting,
  missing,
  podTrouble,
  leavingPods,
  wrongCount,
  replicas,
  sameObject,
  notReadyYet,
  emptyService,
  http,
  exec,
  otherValue,
]
