// Takes a lesson's objects out of a cluster, or back to a step's beginning: only those it made, and none that was there before it.

import { type Handle, pathOf, type Snapshot } from '../cluster/index.ts'
import type { Kind, KubeObject } from '../contract/cluster.ts'
import { AppError } from '../contract/errors.ts'
import { type Attempt, type Kept, type Lesson, type LessonRecord, ownObjects, wayBack } from '../lessons/index.ts'
import type { Clock } from '../platform/clock.ts'

/** Pods are given 30 s to end by default; then some for the cluster itself. */
const patienceMs = 60_000

/** Deletes them with all they own, and waits until they are gone. @throws AppError cluster.denied, cluster.refused, cluster.unreachable */
export const resetLesson = async (
  lesson: Lesson,
  record: LessonRecord,
  { handle, snapshot, clock }: { handle: Handle; snapshot: () => Snapshot | undefined; clock: Clock },
): Promise<void> => {
  const now = snapshot()
  if (now === undefined || record.before === undefined) return
  await deleteAll(ownObjects(lesson, record, now), { handle, snapshot, clock })
}

/**
 * Puts the lesson's objects back as they were: what came since goes, what went comes again, what changed changes back.
 * @returns uids of those that were made again
 * @throws AppError cluster.denied, cluster.refused, cluster.unreachable
 */
export const resetTask = async (
  lesson: Lesson,
  attempt: Pick<Attempt, 'record' | 'snapshot'>,
  { handle, clock, kept }: { handle: Handle; clock: Clock; kept: readonly Kept[] },
): Promise<string[]> => {
  const now = attempt.snapshot
  if (now === undefined) return []
  const snapshot = () => attempt.snapshot
  const { remove, make, change } = wayBack(lesson, attempt.record, now, kept)
  const leaving = make.flatMap(each => objectsLike(now, each))
  await deleteAll([...remove, ...leaving], { handle, snapshot, clock })
  const uids: string[] = []
  for (const { now, was } of change) {
    if (await putBack(handle, now, was)) continue
    await deleteAll([now], { handle, snapshot, clock })
    uids.push(await makeAgain(handle, was))
  }
  for (const each of make) uids.push(await makeAgain(handle, each))
  return uids
}

/** Namesakes that are still on their way out. */
const objectsLike = (snapshot: Snapshot, { kind, metadata }: Kept): KubeObject[] =>
  (snapshot.get(kind as Kind) ?? []).filter(
    each =>
      each.metadata.name === metadata.name &&
      each.metadata.namespace === metadata.namespace &&
      each.metadata.deletionTimestamp !== undefined,
  )

const isRefused = (error: unknown): error is AppError => error instanceof AppError && error.code === 'cluster.refused'

/** @returns false where the cluster does not let it be changed like this: it must be made anew */
const putBack = async ({ connection }: Handle, now: KubeObject, was: Kept): Promise<boolean> => {
  if (now.kind === 'Pod') return false
  const { labels = {}, annotations = {} } = was.metadata as { labels?: object; annotations?: object }
  // without a resourceVersion: whatever was written since is what we want to take back
  const body = { ...now, ...was, metadata: { ...now.metadata, labels, annotations, resourceVersion: undefined } }
  const path = pathOf(now.kind as Kind, now.metadata.namespace, now.metadata.name)
  try {
    await connection.json('PUT', path, { body })
    return true
  } catch (error) {
    if (isRefused(error)) return false
    throw error
  }
}

const makeAgain = async ({ connection }: Handle, object: Kept): Promise<string> => {
  const path = pathOf(object.kind as Kind, object.metadata.namespace)
  const post = async (body: Kept) => (await connection.json('POST', path, { body })) as KubeObject
  const made = await post(object).catch((error: unknown) => {
    // its address may belong to another cluster, or to somebody else by now
    if (object.kind !== 'Service' || !isRefused(error)) throw error
    return post(withoutAddress(object))
  })
  return made.metadata.uid
}

const withoutAddress = (service: Kept): Kept => {
  const { clusterIP: _ip, clusterIPs: _ips, ...spec } = service.spec as Record<string, unknown>
  return { ...service, spec }
}

const deleteAll = async (
  doomed: readonly KubeObject[],
  { handle, snapshot, clock }: { handle: Handle; snapshot: () => Snapshot | undefined; clock: Clock },
): Promise<void> => {
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
    await connection.json('DELETE', pathOf(kind as Kind, metadata.namespace, metadata.name), { body })
  } catch (error) {
    const gone = error instanceof AppError && (error.details.status === 404 || error.details.status === 409)
    if (!gone) throw error
  }
}
