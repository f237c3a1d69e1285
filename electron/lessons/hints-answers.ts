// Hints from what a Pod or a Service answered, or did not. Pure.

import { commandFor, isOf, type Rule, say } from './hint.ts'
import { fits, fitsExec } from './judge.ts'
import { isLeaving, isReady } from './pods.ts'
import { find, selectorText } from './refs.ts'

/** A Service whose Pods are not Ready yet; one that finds none is in trouble, and told as such. */
export const waitingService: Rule = ({ check: { test }, snapshot, scene }) => {
  if (!isOf(test) || test.of.kind !== 'Service' || test.type !== 'http') return undefined
  const [service] = find(snapshot, test.of, scene.namespace)
  const { selector } = (service?.spec ?? {}) as { selector?: Record<string, string> }
  if (service === undefined || selector === undefined) return undefined
  const pods = find(snapshot, { kind: 'Pod', selector }, scene.namespace)
  const values = { name: service.metadata.name, selector: selectorText(selector), count: pods.length }
  return pods.length === 0 || pods.some(isReady) ? undefined : say('serviceUnready', values)
}

export const exec: Rule = look => {
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

export const http: Rule = look => {
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
    return say(command === undefined ? 'httpBody' : 'httpBodyRun', { name, path: test.path, wanted: test.contains, command })
  }
  return undefined
}
