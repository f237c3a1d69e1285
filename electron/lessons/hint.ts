// What a hint is, and what its rules look at. Pure.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { KubeObject } from '../contract/cluster.ts'
import type { Diagnosis } from '../contract/diagnosis.ts'
import type { Facts, Scene } from './judge.ts'
import type { Check, Local, Ref, Test } from './lesson.ts'
import { find, objectsIn } from './refs.ts'

/** A sentence of the locale file (`lessons.hint.<key>`) with its facts, the lesson's own words, or why an object of it is not ready. */
export type Hint =
  | { key: string; values: Readonly<Record<string, string | number | Local>> }
  | { say: Local }
  | { trouble: Diagnosis }

/** All that a rule may look at. */
export interface Look {
  check: Check
  scene: Scene
  snapshot: Snapshot
  facts: Facts
  /** The id of the check that must pass before this one counts, while it has not. */
  gate?: string
}

/** Speaks where it fits, else is silent. */
export type Rule = (look: Look) => Hint | undefined

export const say = (key: string, values: Readonly<Record<string, string | number | Local | undefined>> = {}): Hint => ({
  key,
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ''])),
})

/** The action that makes a check pass, so that a hint can name its command. */
export const commandFor = ({ check, scene }: Look): string | undefined =>
  scene.tasks.flatMap(task => task.actions).find(action => action.kind === 'run' && action.passes.includes(check.id))?.text

export const isOf = (test: Test): test is Extract<Test, { of: Ref }> => test.type !== 'ran'

/** Pods that a check's object stands for: itself, those it selects, or those a controller of that name owns. */
export const podsBehind = ({ check: { test }, scene, snapshot }: Look): KubeObject[] => {
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
