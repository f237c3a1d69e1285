// Whether a check's condition holds, and what was seen. Pure.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { KubeObject } from '../contract/cluster.ts'
import { jsonpath } from './jsonpath.ts'
import type { Check, Condition, Lesson, Test } from './lesson.ts'
import { conditionOf, isLeaving, isReady, podOf, statusOf } from './pods.ts'
import { find, refText } from './refs.ts'

/** What a Pod or Service answered to a check's request, or a command in a Pod printed. */
export interface Answer {
  pod: string
  uid: string
  /** HTTP's, or the command's exit code. */
  status?: number
  body?: string
  /** Where a check wants the answers to vary: the different bodies. */
  bodies?: readonly string[]
  /** Why there was no answer at all. */
  error?: string
}

export interface RanCommand {
  line: string
  exitCode: number
}

/** What a snapshot cannot tell. */
export interface Facts {
  /** uids that existed when the lesson began. */
  before: ReadonlySet<string>
  /** By check id, for those that have ever passed: the uids that existed at that moment. */
  moments: ReadonlyMap<string, ReadonlySet<string>>
  /** By check id: the latest answers. */
  answers: ReadonlyMap<string, readonly Answer[]>
  commands: readonly RanCommand[]
}

/** What judging needs to know of the lesson around a check. */
export type Scene = Pick<Lesson, 'namespace' | 'needs' | 'creates' | 'tasks'>

export interface Judgement {
  passed: boolean
  /** A few words or figures that need no translation. */
  seen?: string
}

/** Judges a check whose `after` and `since` have passed. */
export const judge = (check: Check, scene: Scene, snapshot: Snapshot, facts: Facts): Judgement => {
  const { test } = check
  if (test.type === 'ran')
    return { passed: facts.commands.some(command => command.exitCode === 0 && test.pattern.test(plain(command.line))) }
  const old = check.since === undefined ? undefined : facts.moments.get(check.since)
  const objects = candidates(test.of, scene, snapshot, facts)
  if (test.type === 'object') return judgeObjects(test.for, objects, old)
  // a Pod on its way out may answer or not; it proves nothing
  const asked = objects.filter(object => !old?.has(object.metadata.uid) && !isLeaving(object))
  const answers = facts.answers.get(check.id) ?? []
  return test.type === 'http' ? judgeHttp(test, asked, answers) : judgeExec(test, asked, answers)
}

/** A test whose answer must be asked for. */
export const isAsked = (test: Test): test is HttpTest | ExecTest => test.type === 'http' || test.type === 'exec'

/** A command line as people write it in different ways, in one way. */
const plain = (line: string): string =>
  line
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(k|microk8s kubectl|microk8s\.kubectl) /, 'kubectl ')

/** Objects that a check looks at: one that was there before the lesson does not count as the lesson's own. */
export const candidates = (
  of: Extract<Test, { of: unknown }>['of'],
  { namespace, creates }: Scene,
  snapshot: Snapshot,
  facts: Facts,
): KubeObject[] => {
  const own = creates.some(ref => refText(ref) === refText(of))
  return find(snapshot, of, namespace).filter(({ metadata }) => !(own && facts.before.has(metadata.uid)))
}

export const judgeObjects = (condition: Condition, objects: readonly KubeObject[], old?: ReadonlySet<string>): Judgement => {
  const first = objects[0]
  const all = (holds: (object: KubeObject) => boolean): boolean => objects.length > 0 && objects.every(holds)
  switch (condition.type) {
    case 'exists':
      return { passed: objects.length > 0, seen: first?.metadata.name }
    case 'delete':
      return { passed: objects.length === 0, seen: objects.length === 0 ? undefined : seenOf(first) }
    case 'replaced': {
      const fresh = objects.find(object => old?.has(object.metadata.uid) === false && (object.kind !== 'Pod' || isReady(object)))
      return { passed: fresh !== undefined, seen: fresh?.metadata.name ?? seenOf(first) }
    }
    case 'count': {
      const { count, atLeast } = condition
      const passed = atLeast ? objects.length >= count : objects.length === count
      return { passed, seen: passed ? `${objects.length}` : `${objects.length} / ${count}` }
    }
    case 'condition':
      return { passed: all(object => conditionOf(object, condition.name)?.status === condition.value), seen: seenOf(first) }
    case 'jsonpath': {
      const { path, value } = condition
      const passed = all(object => holdsValue(jsonpath(object, path), value, object))
      const found = first === undefined ? '' : jsonpath(first, path)
      const isFigure = value !== undefined && /^\d+$/.test(value)
      return { passed, seen: isFigure && !passed ? `${found || 0} / ${value}` : found || undefined }
    }
  }
}

/** A wanted value in braces is another field of the same object; that both are 0 or missing is not yet anything. */
const holdsValue = (found: string, wanted: string | undefined, object: KubeObject): boolean => {
  if (wanted === undefined) return found !== ''
  if (!wanted.startsWith('{')) return found === wanted
  return found === jsonpath(object, wanted) && found !== '' && found !== '0'
}

const seenOf = (object: KubeObject | undefined): string | undefined =>
  object?.kind === 'Pod' ? statusOf(object) : object?.metadata.name

export type HttpTest = Extract<Test, { type: 'http' }>
export type ExecTest = Extract<Test, { type: 'exec' }>

const judgeHttp = (test: HttpTest, pods: readonly KubeObject[], answers: readonly Answer[]): Judgement => {
  const outcomes = pods.map(pod => ({ pod, answer: answers.find(answer => answer.uid === pod.metadata.uid) }))
  const good = outcomes.filter(({ pod, answer }) => answer !== undefined && fits(test, pod, answer))
  const passed = test.each ? pods.length > 0 && good.length === pods.length : good.length > 0
  if (test.each) return { passed, seen: `${good.length} / ${pods.length}` }
  const shown = good[0] ?? outcomes[0]
  if (test.varies > 1) return { passed, seen: `${shown?.answer?.bodies?.length ?? 0} / ${test.varies}` }
  const address = shown === undefined ? undefined : addressOf(shown.pod)
  return { passed, seen: passed ? address : shown?.answer?.status === undefined ? address : `HTTP ${shown.answer.status}` }
}

const addressOf = (object: KubeObject): string | undefined =>
  podOf(object).status?.podIP ?? ((object.spec ?? {}) as { clusterIP?: string }).clusterIP

const judgeExec = (test: ExecTest, pods: readonly KubeObject[], answers: readonly Answer[]): Judgement => {
  const own = answers.filter(answer => pods.some(pod => pod.metadata.uid === answer.uid))
  const good = own.find(answer => fitsExec(test, answer))
  const printed = (good ?? own[0])?.body?.trim().split('\n')[0]
  if (test.atLeast !== undefined && good === undefined && own.length > 0)
    return { passed: false, seen: `${Number(printed) || 0} / ${test.atLeast}` }
  return { passed: good !== undefined, seen: printed || undefined }
}

/** Whether a command printed what the check wants. */
export const fitsExec = ({ contains = '', atLeast }: ExecTest, { status, body = '' }: Answer): boolean =>
  status === 0 &&
  body.includes(contains) &&
  (atLeast === undefined || (/^\d+$/.test(body.trim()) && Number(body.trim()) >= atLeast))

/** Whether an answer is the one that the check wants. */
export const fits = (test: HttpTest, pod: KubeObject, answer: Answer): boolean =>
  answer.status === test.status &&
  (answer.body ?? '').includes(wantedText(test, pod)) &&
  (test.varies === 1 || (answer.bodies?.length ?? 0) >= test.varies)

/** `contains`, with `{...}` replaced by the Pod's own field. */
const wantedText = (test: HttpTest, pod: KubeObject): string =>
  (test.contains ?? '').replace(/\{\.[^}]+\}/g, path => jsonpath(pod, path))
