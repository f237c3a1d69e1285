// Would each demo of the talk work here, now, offline? Gathers what the cluster, this machine and the lessons' records say, and looks again while somebody watches.

import type { Clusters, Handle, Snapshot } from '../cluster/index.ts'
import type { Kind, KubeObject } from '../contract/cluster.ts'
import { isLook } from '../contract/diagnosis.ts'
import { toAppError } from '../contract/errors.ts'
import type { Language } from '../contract/shapes.ts'
import type { Deck, Obstacle, Readiness, Slide } from '../contract/talk.ts'
import { fullName, imagesIn, parseReference } from '../installer/bundle/references.ts'
import {
  type Command,
  commandsOf,
  emptyRecord,
  keyOf,
  type Lesson,
  type LessonRecord,
  obstaclesOf,
  portsIn,
  resume,
  textsOf,
} from '../lessons/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { DeckFiles } from './deck-files.ts'
import type { LessonRecords } from './lesson-records.ts'
import { pictures } from './pictures.ts'

export interface ReadinessDeps {
  deck: Pick<DeckFiles, 'read'>
  /** Every lesson that can be opened, by id. */
  openLessons(): Promise<ReadonlyMap<string, Lesson>>
  records: LessonRecords
  clusters: Clusters
  hasKubectl(): Promise<boolean>
  /** Ports of this machine on which somebody listens. */
  takenPorts(): Promise<ReadonlySet<number>>
  clock: Clock
}

/** What a lesson's objects, their owners, and those who may stand in their way are. */
const kinds: readonly Kind[] = [
  'Node',
  'Namespace',
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
  'Service',
  'ConfigMap',
  'PersistentVolumeClaim',
  'PersistentVolume',
]
/** All demos are looked at each time. */
const restMs = 1_000
/** Nothing tells of a port, or of a kubectl that is there now. */
const againMs = 5_000

const sure = (id: Obstacle['id'], facts: Obstacle['facts'] = {}): Obstacle => ({ id, facts, isSure: true })

/** Kubelets name at most so many images, the largest ones. */
const imagesTold = 50

type Presence = 'yes' | 'no' | 'unsure' | 'idle'

/** What the nodes themselves say that they have. */
const onNodes = (nodes: readonly KubeObject[]) => {
  const told = nodes.map(({ status }) => {
    const images = (status as { images?: { names?: string[] }[] } | undefined)?.images ?? []
    return { names: new Set(images.flatMap(({ names = [] }) => names)), isWhole: images.length > 0 && images.length < imagesTold }
  })
  return (image: string): Presence => {
    const name = fullName(image)
    if (told.length > 0 && told.every(({ names }) => names.has(name))) return 'yes'
    return told.every(({ names, isWhole }) => isWhole && !names.has(name)) ? 'no' : 'unsure'
  }
}

/** The practice cluster has every image that there is; it plays those of its catalogue. */
const inCatalogue = async ({ connection }: Handle): Promise<(image: string) => Presence> => {
  const { images } = (await connection.json('GET', '/practice/images')) as { images: string[] }
  const played = new Set(images)
  return image => (played.has(parseReference(image).repository) ? 'yes' : 'idle')
}

/** A slide's commands: its lesson's, or, of a slide that only shows one, the lesson's command of the same words. Looking needs nothing. */
const commandsFor = (slide: Slide, lessons: ReadonlyMap<string, Lesson>): { lesson?: Lesson; commands: Command[] } => {
  const own = lessons.get(slide.lesson ?? '')
  if (own) return { lesson: own, commands: commandsOf(own, slide) }
  if (slide.command === undefined || isLook(slide.command)) return { commands: [] }
  for (const lesson of lessons.values()) {
    const same = commandsOf(lesson, {}).find(({ action }) => action.text === slide.command)
    if (same) return { lesson, commands: [same] }
  }
  return { commands: [] }
}

export const createTalkReadiness = (deps: ReadinessDeps) => {
  const { deck, openLessons, records, clusters, hasKubectl, takenPorts, clock } = deps

  /** What stops every demo. */
  const common = async (snapshot: Snapshot): Promise<Obstacle[]> => {
    const { current, targets } = clusters.targets()
    const target = targets.find(({ id }) => id === current)
    const found: Obstacle[] = (await hasKubectl()) ? [] : [sure('noKubectl')]
    if (target === undefined || target.state === 'stopped') return [sure('noCluster'), ...found]
    if (target.state === 'starting' || (target.state === 'ready' && snapshot.size === 0))
      return [sure('clusterStarting', { name: target.name }), ...found]
    if (target.state === 'failed') return [sure('clusterFailed', { name: target.name }), ...found]
    return found
  }

  /** The lesson's record on this cluster as an attempt that begins now would have it. */
  const recordOf = async (lesson: Lesson, handle: Handle, snapshot: Snapshot, all: readonly string[]): Promise<LessonRecord> => {
    const lent = new Set<string>()
    for (const other of all)
      if (other !== lesson.id) for (const uid of (await records.open(other, handle.id)).value.own ?? []) lent.add(uid)
    const { value } = await records.open(lesson.id, handle.id)
    return resume(lesson, { ...emptyRecord, ...value }, snapshot, lent)
  }

  const lookAt = async (slides: Deck['slides'], snapshot: Snapshot): Promise<Readiness['demos']> => {
    const lessons = await openLessons()
    const handle = snapshot.size > 0 ? clusters.current() : undefined
    const isPractice = handle?.id === 'practice'
    const presenceOf = handle && isPractice ? await inCatalogue(handle) : onNodes(snapshot.get('Node') ?? [])
    // The practice cluster listens for node ports on this machine, MicroK8s runs Pods on its network; other nodes may be anywhere.
    const listener = isPractice ? 'service' : handle?.id === 'microk8s' ? 'pod' : undefined
    const taken = listener ? await takenPorts() : new Set<number>()
    const known = new Map<string, LessonRecord>()
    const shown = new Set<string>()
    const demos: Readiness['demos'] = []
    for (const slide of slides) {
      if (slide.lesson === undefined && slide.command === undefined) continue
      const { lesson, commands } = commandsFor(slide, lessons)
      const obstacles: Obstacle[] = slide.lesson !== undefined && !lesson ? [sure('lessonGone', { lesson: slide.lesson })] : []
      if (lesson && handle) {
        const record = known.get(lesson.id) ?? (await recordOf(lesson, handle, snapshot, [...lessons.keys()]))
        known.set(lesson.id, record)
        const texts = textsOf(lesson, commands)
        obstacles.push(
          ...obstaclesOf(lesson, commands, {
            snapshot,
            record,
            isShownBefore: key => shown.has(`${lesson.id} ${key}`),
            images: imagesIn(texts).map(name => ({ name, presence: presenceOf(name) })),
            ports: portsIn(texts),
            isTaken: (port, by) => taken.has(port) && by === listener,
          }),
        )
      }
      for (const command of commands) if (lesson) shown.add(`${lesson.id} ${keyOf(command)}`)
      const texts = commands.map(({ action }) => action.text)
      demos.push({
        slide: slide.id,
        title: slide.title,
        ...(lesson && { lesson: lesson.id }),
        commands: texts.length > 0 ? texts : slide.command === undefined ? [] : [slide.command],
        obstacles,
      })
    }
    return demos
  }

  return async function* (language: Language, signal: AbortSignal): AsyncGenerator<Readiness> {
    let before = ''
    for await (const { snapshot, lookAgainIn } of pictures({ clusters, clock, kinds, gapMs: restMs }, signal)) {
      lookAgainIn(againMs)
      const { slides } = await deck.read(language)
      const found = await common(snapshot)
      const demos = await lookAt(slides, snapshot).catch((error: unknown) => {
        found.push(sure('clusterFailed', { name: toAppError(error).code }))
        return []
      })
      const next: Readiness = { common: found, demos }
      const text = JSON.stringify(next)
      if (text !== before) yield next
      before = text
    }
  }
}
