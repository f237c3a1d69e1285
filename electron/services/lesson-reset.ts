// Takes a lesson's objects out of a cluster: only those it names, and none that was there before it.

import { type Handle, pathOf, type Snapshot } from '../cluster/index.ts'
import type { KubeObject } from '../contract/cluster.ts'
import { AppError } from '../contract/errors.ts'
import { find, type Lesson, type LessonRecord } from '../lessons/index.ts'
import type { Clock } from '../platform/clock.ts'

/** Pods are given 30 s to end by default; then some for the cluster itself. */
const patienceMs = 60_000

/** The lesson's own objects that are there now. */
export const ownObjects = (lesson: Lesson, record: LessonRecord, snapshot: Snapshot): KubeObject[] => {
  const before = new Set(record.before)
  return lesson.creates.flatMap(ref => find(snapshot, ref, lesson.namespace)).filter(({ metadata }) => !before.has(metadata.uid))
}

/** Deletes them with all they own, and waits until they are gone. @throws AppError cluster.denied, cluster.refused, cluster.unreachable */
export const resetLesson = async (
  lesson: Lesson,
  record: LessonRecord,
  { handle, snapshot, clock }: { handle: Handle; snapshot: () => Snapshot | undefined; clock: Clock },
): Promise<void> => {
  const now = snapshot()
  if (now === undefined || record.before === undefined) return
  const doomed = ownObjects(lesson, record, now)
  for (const object of doomed) await deleteObject(handle, object)
  const uids = new Set(doomed.map(({ metadata }) => metadata.uid))
  const until = clock.now() + patienceMs
  const left = (): boolean => [...(snapshot() ?? new Map()).values()].flat().some(({ metadata }) => uids.has(metadata.uid))
  while (left()) {
    if (clock.now() > until) throw new AppError('cluster.refused', { message: [...uids].join(' '), status: 504 })
    await clock.sleep(50)
  }
}

const deleteObject = async ({ connection }: Handle, { kind, metadata }: KubeObject): Promise<void> => {
  // foreground: the object goes last, after what it owns. The uid keeps a namesake safe that came in between.
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground', preconditions: { uid: metadata.uid } }
  try {
    await connection.json('DELETE', pathOf(kind as Parameters<typeof pathOf>[0], metadata.namespace, metadata.name), { body })
  } catch (error) {
    const gone = error instanceof AppError && (error.details.status === 404 || error.details.status === 409)
    if (!gone) throw error
  }
}
