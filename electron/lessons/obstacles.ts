// Would these commands of a lesson work on this cluster, now, offline? What stands in their way. Pure.

import { parseAllDocuments } from 'yaml'
import type { Snapshot } from '../cluster/snapshot.ts'
import type { KubeObject } from '../contract/cluster.ts'
import type { Obstacle } from '../contract/talk.ts'
import type { Action, Lesson } from './lesson.ts'
import { foreignObjects, ownObjects } from './ownership.ts'
import type { LessonRecord } from './record.ts'

export interface Command {
  task: string
  action: Action
}

/** The commands of a lesson, of one task, or one of them. */
export const commandsOf = (lesson: Lesson, { task, action }: { task?: string; action?: string }): Command[] =>
  lesson.tasks
    .filter(({ id }) => task === undefined || id === task)
    .flatMap(({ id, actions }) =>
      actions
        .filter(each => each.kind === 'run' && (action === undefined || each.id === action))
        .map(each => ({ task: id, action: each })),
    )

export const keyOf = ({ task, action }: Command): string => `${task}/${action.id}`

/** Commands of the lesson before the first of these. */
const earlierThan = (lesson: Lesson, [first]: readonly Command[]): Command[] => {
  const all = commandsOf(lesson, {})
  return first === undefined
    ? []
    : all.slice(
        0,
        Math.max(
          0,
          all.findIndex(each => keyOf(each) === keyOf(first)),
        ),
      )
}

/** The manifests that these commands use, by name. */
const filesOf = (commands: readonly Command[]): string[] => [
  ...new Set(commands.flatMap(({ action }) => (action.file === undefined ? [] : [action.file]))),
]

/** The texts in which these commands, and those that lead to them, name what they need. */
export const textsOf = (lesson: Lesson, commands: readonly Command[]): string[] => {
  const names = filesOf([...earlierThan(lesson, commands), ...commands])
  return lesson.files.filter(({ name }) => names.includes(name)).map(({ text }) => text)
}

type Plain = Record<string, unknown>
const record = (value: unknown): Plain => (typeof value === 'object' && value !== null ? { ...value } : {})
const list = (value: unknown): Plain[] => (Array.isArray(value) ? value.map(record) : [])

/** The Pod that an object is or makes. */
const podOf = (object: Plain): Plain => {
  const spec = record(object.spec)
  return object.kind === 'Pod' ? spec : record(record(spec.template).spec)
}

/** Ports on the nodes themselves that a Pod takes. */
const hostPortsOf = (pod: Plain): number[] =>
  list(pod.containers)
    .flatMap(({ ports }) => list(ports))
    .map(({ hostPort, containerPort }) => Number(hostPort ?? (pod.hostNetwork === true ? containerPort : 0)))
    .filter(port => port > 0)

/** The same port of every node, that a Service asks for by number. */
const nodePortsOf = (object: Plain): number[] =>
  object.kind === 'Service' ? list(record(object.spec).ports).flatMap(({ nodePort }) => (nodePort ? [Number(nodePort)] : [])) : []

export interface Ports {
  host: number[]
  node: number[]
}

/** Ports outside the cluster's own network that manifests ask for. */
export const portsIn = (texts: readonly string[]): Ports => {
  const objects = texts.flatMap(text => parseAllDocuments(text).map(document => record(document.toJS())))
  return {
    host: [...new Set(objects.flatMap(object => hostPortsOf(podOf(object))))],
    node: [...new Set(objects.flatMap(nodePortsOf))],
  }
}

export interface Surroundings {
  snapshot: Snapshot
  record: LessonRecord
  /** Commands that earlier slides run, by lesson and key: what they make will be there. */
  isShownBefore(key: string): boolean
  /** Images that the commands need, each with whether the nodes have it. `idle`: it starts, but its program is not played. */
  images: readonly { name: string; presence: 'yes' | 'no' | 'unsure' | 'idle' }[]
  ports: Ports
  /** Whether another program has a port that a Pod, or a Service, would take on this machine. */
  isTaken(port: number, by: 'pod' | 'service'): boolean
}

const sure = (id: Obstacle['id'], facts: Obstacle['facts'] = {}): Obstacle => ({ id, facts, isSure: true })
const unsure = (id: Obstacle['id'], facts: Obstacle['facts'] = {}): Obstacle => ({ id, facts, isSure: false })

const named = (objects: readonly KubeObject[]): string =>
  objects.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`).join(' ')

/** Objects of somebody else, and what an earlier attempt left. */
const leftovers = (lesson: Lesson, { snapshot, record }: Surroundings): Obstacle[] => {
  const foreign = foreignObjects(lesson, record, snapshot)
  if (foreign.length > 0) return [sure('inTheWay', { objects: named(foreign) })]
  const own = ownObjects(lesson, record, snapshot).filter(({ metadata }) => !metadata.deletionTimestamp)
  if (own.length > 0) return [sure('halfDone', { lesson: lesson.number, objects: named(own) })]
  const steps = record.done.length + record.skipped.length
  // Without its objects only the ticks beside the slide are old.
  return steps > 0 && steps < lesson.tasks.length ? [unsure('halfDone', { lesson: lesson.number, objects: '' })] : []
}

/** What the lesson makes before these commands, and nobody will have made by then. */
const missingSteps = (lesson: Lesson, commands: readonly Command[], { record, isShownBefore }: Surroundings): Obstacle[] => {
  const missing = earlierThan(lesson, commands).findLast(
    each => each.action.file !== undefined && record.actions[keyOf(each)]?.state !== 'done' && !isShownBefore(keyOf(each)),
  )
  return missing ? [unsure('needsBefore', { command: missing.action.text })] : []
}

const imageObstacles = ({ images }: Surroundings): Obstacle[] =>
  images.flatMap(({ name, presence }) => {
    if (presence === 'no') return [sure('imageMissing', { image: name })]
    if (presence === 'unsure') return [unsure('imageUnsure', { image: name })]
    return presence === 'idle' ? [unsure('imageIdle', { image: name })] : []
  })

const portObstacles = (lesson: Lesson, { snapshot, record: kept, ports, isTaken }: Surroundings): Obstacle[] => {
  const own = new Set(ownObjects(lesson, kept, snapshot).map(({ metadata }) => metadata.uid))
  const holderOf = (port: number) =>
    (snapshot.get('Service') ?? []).find(service => !own.has(service.metadata.uid) && nodePortsOf({ ...service }).includes(port))
  const podsTake = new Set((snapshot.get('Pod') ?? []).flatMap(pod => hostPortsOf(record(pod.spec))))
  const held = ports.node.flatMap(port => {
    const holder = holderOf(port)
    return holder ? [sure('portHeld', { port, service: `${holder.metadata.namespace}/${holder.metadata.name}` })] : []
  })
  const servicesTake = new Set((snapshot.get('Service') ?? []).flatMap(service => nodePortsOf({ ...service })))
  const taken = [
    ...ports.host.filter(port => !podsTake.has(port) && isTaken(port, 'pod')),
    ...ports.node.filter(port => !servicesTake.has(port) && isTaken(port, 'service')),
  ]
  return [...held, ...taken.map(port => sure('portTaken', { port }))]
}

/** Everything that these commands would meet, worst first; none: they will work. */
export const obstaclesOf = (lesson: Lesson, commands: readonly Command[], surroundings: Surroundings): Obstacle[] =>
  [
    ...leftovers(lesson, surroundings),
    ...imageObstacles(surroundings),
    ...portObstacles(lesson, surroundings),
    ...missingSteps(lesson, commands, surroundings),
  ].toSorted((a, b) => Number(b.isSure) - Number(a.isSure))
