// Where the graph's boxes stand beside the rows, and the lines between them. Pure geometry.

import type { Graph, PodLink, Thing } from './graph.ts'

/** How much a box tells: as much as the pane has room for. */
export type BoxForm = 'full' | 'small' | 'line'

export interface ObjectBox extends Thing {
  y: number
  height: number
  form: BoxForm
  /** The name, or the part that differs from its owner's, cut to the box. */
  label: string
  /** Its namespace, where several are drawn and this is the first box of one. */
  room?: string
}

/** Lines of one look in one path: two hundred Pods are no two hundred elements. */
export interface LinkPath {
  key: string
  type: PodLink['type'] | 'under' | 'mountedBy'
  isLeaving: boolean
  path: string
  /** Where a line meets its Pod, or its workload: what it is can be told by shape too. */
  ends: { x: number; y: number }[]
}

export const boxWidth = 148
const forms: readonly { form: BoxForm; height: number; gap: number; letters: number }[] = [
  { form: 'full', height: 60, gap: 14, letters: 18 },
  { form: 'small', height: 42, gap: 10, letters: 18 },
  { form: 'line', height: 26, gap: 6, letters: 17 },
]
/** For a namespace's name above its boxes. */
const roomHeight = 18
/** Between a box and the one that hangs under it, where there is room for the line to be seen. */
const hang = 30

const shortKinds: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  ReplicaSet: 'rs',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ReplicationController: 'rc',
  Job: 'job',
  CronJob: 'cj',
  HorizontalPodAutoscaler: 'hpa',
  Service: 'svc',
  ConfigMap: 'cm',
  PersistentVolumeClaim: 'pvc',
  PersistentVolume: 'pv',
}

/** Cut at the end, with a sign that something is missing. */
export const cut = (text: string, letters: number): string => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text)

const labelOf = (thing: Thing, things: readonly Thing[], form: BoxForm, letters: number): string => {
  const above = things.find(({ uid }) => uid === thing.under)?.name
  const name = above !== undefined && thing.name.startsWith(`${above}-`) ? thing.name.slice(above.length + 1) : thing.name
  return cut(form === 'line' ? `${shortKinds[thing.kind] ?? thing.kind}/${name}` : name, letters)
}

export interface Frame {
  graph: Graph
  /** By the Pod's uid: the middle of its row. */
  rows: ReadonlyMap<string, number>
  /** The workload whose replicas are charted, and where the chart begins. */
  charted?: { uid: string; y: number }
  /** Namespaces in the order in which they stand. */
  rooms: readonly string[]
  /** Boxes stand above this, where they can. */
  bottom: number
}

interface Tree {
  members: Thing[]
  wish: number
}

/** Each tree with the height at which it would like to stand: that of its Pods. */
const treesOf = ({ graph: { things, links }, rows, rooms, charted, bottom }: Frame): Tree[] => {
  const middle = ({ uid }: Thing): number | undefined => {
    const own = links.filter(({ from }) => from === uid).flatMap(({ pod }) => rows.get(pod) ?? [])
    return own.length > 0 ? own.reduce((sum, y) => sum + y, 0) / own.length : undefined
  }
  const trees: Tree[] = []
  for (const thing of things) {
    const isRoot = !things.some(({ uid }) => uid === thing.under)
    const wish = thing.uid === charted?.uid ? 0 : (middle(thing) ?? bottom)
    const tree = trees.at(-1)
    if (isRoot || !tree) trees.push({ members: [thing], wish })
    else {
      tree.members.push(thing)
      tree.wish = Math.min(tree.wish, wish)
    }
  }
  // what lives in no namespace stands last
  const roomOf = ({ members }: Tree): number => {
    const at = rooms.indexOf(members[0]?.namespace ?? '')
    return at < 0 ? rooms.length : at
  }
  return trees.sort((a, b) => roomOf(a) - roomOf(b) || a.wish - b.wish)
}

/** From top to bottom, each as near to its Pods as those above and below it let it. */
export const placeBoxes = (frame: Frame): ObjectBox[] => {
  const { graph, rows, rooms, charted, bottom } = frame
  const things = treesOf(frame).flatMap(({ members }) => members)
  const heads = rooms.length > 1 ? rooms.length * roomHeight : 0
  const fits = ({ height, gap }: (typeof forms)[number]): boolean => things.length * (height + gap) + heads + 16 <= bottom
  const { form, height, gap, letters } = forms.find(fits) ?? forms.at(-1)!
  const place = (thing: Thing): number => {
    if (thing.uid === charted?.uid) return charted.y
    const own = graph.links.filter(({ from }) => from === thing.uid).flatMap(({ pod }) => rows.get(pod) ?? [])
    return own.length > 0 ? own.reduce((sum, y) => sum + y, 0) / own.length - height / 2 : 0
  }
  const boxes: ObjectBox[] = []
  let free = 16
  for (const thing of things) {
    const hangs = form === 'full' && things.some(({ uid }) => uid === thing.under)
    const isHead = heads > 0 && thing.namespace !== '' && thing.namespace !== boxes.at(-1)?.namespace
    const y = Math.max(free + (hangs ? hang - gap : 0) + (isHead ? roomHeight : 0), place(thing))
    const room = isHead ? { room: thing.namespace } : {}
    boxes.push({ ...thing, ...room, y, height, form, label: labelOf(thing, things, form, letters) })
    free = y + height + gap
  }
  // more than the pane holds: the drawing grows, and is scrolled
  let limit = Math.max(bottom, 16 + heads + things.length * (height + gap))
  for (const box of boxes.toReversed()) {
    box.y = Math.max(16, Math.min(box.y, limit - height))
    limit = box.y - gap - (box.room ? roomHeight : 0)
  }
  return boxes
}

interface Ends {
  graph: Graph
  boxes: readonly ObjectBox[]
  rows: ReadonlyMap<string, number>
  leaving: ReadonlySet<string>
  /** The boxes' left edge, and where the Pods' names begin. */
  boxX: number
  nameX: number
  /** Lines of different kinds meet a row this far apart. */
  apart: number
}

/** Where at a row each kind of line ends, so that three do not lie on each other. */
const lane: Readonly<Record<PodLink['type'], number>> = { mounts: -1, owns: 0, serves: 1, selects: 1 }

export const drawLinks = ({ graph, boxes, rows, leaving, boxX, nameX, apart }: Ends): LinkPath[] => {
  const paths = new Map<string, LinkPath>()
  const add = (key: string, type: LinkPath['type'], isLeaving: boolean, path: string, end?: { x: number; y: number }): void => {
    const known = paths.get(key) ?? { key, type, isLeaving, path: '', ends: [] }
    known.path += path
    if (end) known.ends.push(end)
    paths.set(key, known)
  }
  const boxOf = (uid: string | undefined): ObjectBox | undefined => boxes.find(box => box.uid === uid)
  for (const { from, pod, type } of graph.links) {
    const [box, row] = [boxOf(from), rows.get(pod)]
    if (!box || row === undefined) continue
    const isLeaving = leaving.has(pod) || box.isGone
    const right = boxX + boxWidth
    const [start, end] = [box.y + box.height / 2, row + lane[type] * apart]
    const bend = (right + nameX) / 2
    add(
      `${from} ${type} ${isLeaving}`,
      type,
      isLeaving,
      `M${right} ${start}C${bend + 6} ${start} ${bend - 6} ${end} ${nameX} ${end}`,
      {
        x: nameX,
        y: end,
      },
    )
  }
  for (const box of boxes) {
    const above = boxOf(box.under)
    if (above && box.y > above.y)
      add(`${box.uid} under`, 'under', box.isGone || above.isGone, `M${boxX + boxWidth / 2} ${above.y + above.height}V${box.y}`)
    const by = boxOf(box.mountedBy)
    if (by) {
      const [y, to] = [box.y + box.height / 2, by.y + by.height / 2]
      add(`${box.uid} mountedBy`, 'mountedBy', by.isGone, `M${boxX} ${y}H${boxX - 10}V${to}H${boxX}`, { x: boxX, y: to })
    }
  }
  return [...paths.values()]
}
