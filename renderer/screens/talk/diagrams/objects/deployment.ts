// A Deployment: a new version is a number that moves from one ReplicaSet to the other, between two limits.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import type { Diagram, Words } from '../diagram.ts'
import { bent, type Drawing, type Place, type Tie } from '../drawing.ts'
import { dotOf } from '../facts.ts'
import { rolloutStory } from '../stories/rollout.ts'
import { cast, ground, stage } from './cast.ts'
import { byBirth, cutTo, fieldsOf, isReadyPod, mostTelling, ofKind, ownedBy, uidsOf } from './reading.ts'

interface DeploymentFields {
  spec: {
    replicas?: number
    strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string } }
  }
}

/** `25%` of the replicas, or a number as it is. */
const share = (value: number | string, replicas: number, round: (figure: number) => number): number =>
  typeof value === 'number' ? value : round((Number.parseInt(value, 10) / 100) * replicas)

/** How few may serve, and how many may be there. Models kubernetes/pkg/controller/deployment/util/deployment_util.go */
export const limitsOf = (deployment: KubeObject | undefined): { least: number; most: number } => {
  const { replicas = 1, strategy } = fieldsOf<DeploymentFields>(deployment).spec ?? {}
  if (strategy?.type === 'Recreate') return { least: 0, most: replicas }
  const { maxSurge = '25%', maxUnavailable = '25%' } = strategy?.rollingUpdate ?? {}
  const surge = share(maxSurge, replicas, Math.ceil)
  const missing = share(maxUnavailable, replicas, Math.floor)
  // Neither more nor less would be a standstill.
  return { least: Math.max(0, replicas - (surge + missing === 0 ? 1 : missing)), most: replicas + surge }
}

const revisionOf = ({ metadata }: KubeObject): number => Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
const replicasOf = (set: KubeObject): number => fieldsOf<DeploymentFields>(set).spec?.replicas ?? 1

/** The current version's ReplicaSet and the one that has most beside it, the older first: a lane keeps its place. */
const versionsOf = (objects: readonly KubeObject[], deployment: KubeObject | undefined) => {
  const sets = ownedBy(objects, 'ReplicaSet', deployment)
  const current = sets.toSorted((a, b) => revisionOf(a) - revisionOf(b)).at(-1)
  const weight = (set: KubeObject) => replicasOf(set) * 1e6 + ownedBy(objects, 'Pod', set).length * 1e5 + revisionOf(set)
  const other = sets
    .filter(set => set !== current)
    .toSorted((a, b) => weight(a) - weight(b))
    .at(-1)
  return { current, sets: [current, other].flatMap(set => set ?? []).toSorted(byBirth) }
}

const left = 290
const inner = left + 36
const lanes = [ground, ground + 122]

interface Lane {
  place: Place
  pods: KubeObject[]
}

const laneOf = (objects: readonly KubeObject[], set: KubeObject | undefined, isNew: boolean, y: number, t: Words): Lane => {
  const pods = ownedBy(objects, 'Pod', set)
  const part = isNew ? 'new-replicaset' : 'old-replicaset'
  const hash = set?.metadata.name.split('-').at(-1) ?? ''
  const note = set
    ? `${cutTo(hash, 150)} · ${t('object.readyOf', { ready: pods.filter(isReadyPod).length, count: replicasOf(set) })}`
    : t('object.noOldVersion')
  return {
    pods,
    place: { id: part, part, x: left, y, width: stage.width - left, height: 104, shape: 'frame', note, isAbsent: !set },
  }
}

/** All of its Pods on one scale, a Pod's step each, and the two limits across it. */
const ruler = (deployment: KubeObject | undefined, pods: readonly KubeObject[], t: Words) => {
  const y = ground + 244
  const { least, most } = limitsOf(deployment)
  const serving = pods.filter(isReadyPod).length
  const there = pods.filter(({ metadata }) => !metadata.deletionTimestamp).length
  // A crowd is drawn smaller, so that its limits are still on the scale.
  const step = Math.min(140, (stage.width - inner - 130) / Math.max(most, there, 1))
  const at = (count: number) => inner - 15 + count * step
  const side = at(least) - inner > 110 ? 'end' : 'start'
  const length = (count: number, look: 'ready' | 'wanted') => ({ x: at(0), y: y + 66, width: count * step, height: 24, look })
  const limit = (count: number): Tie => ({
    look: 'limit',
    points: [
      [at(count), y + 54],
      [at(count), y + 102],
    ],
  })
  return {
    place: {
      id: 'rollout-limits',
      part: 'rollout-limits',
      x: left,
      y,
      width: stage.width - left,
      height: 160,
      shape: 'frame',
      note: t('object.serving', { count: serving, there }),
    } satisfies Place,
    lengths: [...(there > 0 ? [length(there, 'wanted')] : []), ...(serving > 0 ? [length(serving, 'ready')] : [])],
    ties: [limit(least), limit(most)],
    words: [
      // Away from each other: they may be one Pod apart.
      { x: at(least) + 6, y: y + 132, text: t('object.atLeast', { count: least }), look: 'note', anchor: side },
      { x: at(most) - 6, y: y + 132, text: t('object.atMost', { count: most }), look: 'note' },
    ] satisfies Drawing['words'],
  }
}

const card = { x: 0, y: ground + 64, width: 220, height: 96 }

export const deployment: Diagram = {
  label: t => t('diagram.deployment'),
  story: rolloutStory,
  isIn: ({ objects }) => ofKind(objects, 'Deployment').length > 0,
  draw: ({ objects }, t) => {
    const shown = mostTelling(ofKind(objects, 'Deployment'))
    const { current, sets } = versionsOf(objects, shown)
    const drawn = lanes.map((y, index) =>
      laneOf(objects, sets[index], sets[index] ? sets[index] === current : current === undefined && index === 0, y, t),
    )
    const scale = ruler(
      shown,
      drawn.flatMap(({ pods }) => pods),
      t,
    )
    const { places, wires } = cast(['kubectl', 'deployment-controller', 'replicaset-controller', 'kubelet'], t)
    return {
      ...stage,
      wires,
      places: [
        ...places,
        {
          id: 'deployment',
          part: 'deployment',
          ...card,
          note: cutTo(shown?.metadata.name ?? '', card.width - 20),
          isAbsent: !shown,
        },
        ...drawn.map(({ place }) => place),
        scale.place,
      ],
      ties: [...lanes.map(y => bent('owns', [card.width, card.y + card.height / 2], [left, y + 52])), ...scale.ties],
      lengths: scale.lengths,
      words: [
        {
          x: card.width / 2,
          y: card.y + card.height + 38,
          text: t('object.wants', { count: fieldsOf<DeploymentFields>(shown).spec?.replicas ?? 0 }),
          look: 'note',
          anchor: 'middle',
        },
        ...scale.words,
      ],
      dots: drawn.map(({ pods }, index) => ({ x: inner, y: (lanes[index] ?? 0) + 72, pods: pods.map(dotOf), most: 21 })),
      of: uidsOf(shown, ...sets),
    }
  },
}
