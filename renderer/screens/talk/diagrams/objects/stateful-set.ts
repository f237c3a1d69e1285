// A StatefulSet: Pods with numbers, one after the other, each with a claim and a volume that stay when it goes.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import { podState } from '../../../../state/pod-state.ts'
import type { Diagram, Words } from '../diagram.ts'
import type { Place, Tie } from '../drawing.ts'
import { statefulSetStory } from '../stories/stateful-set.ts'
import { cast, ground, stage } from './cast.ts'
import { cutTo, fieldsOf, mostTelling, ofKind, uidsOf } from './reading.ts'

interface SetFields {
  spec: { replicas?: number; volumeClaimTemplates?: { metadata: { name: string } }[] }
}
interface ClaimFields {
  spec: { volumeName?: string; storageClassName?: string }
  status: { phase?: string; capacity?: { storage?: string } }
}

/** One number of the set: what of it is there. */
interface Column {
  name: string
  pod?: KubeObject
  /** What its claim is or will be called; undefined where the set wants none. */
  claimName?: string
  claim?: KubeObject
  volume?: KubeObject
}

const mostColumns = 3

const columnsOf = (objects: readonly KubeObject[], set: KubeObject | undefined): Column[] => {
  const { spec } = fieldsOf<SetFields>(set)
  const template = spec?.volumeClaimTemplates?.[0]?.metadata.name
  const inSpace = (kind: 'Pod' | 'PersistentVolumeClaim', name: string | undefined) =>
    ofKind(objects, kind).find(({ metadata }) => metadata.name === name && metadata.namespace === set?.metadata.namespace)
  const count = Math.min(mostColumns, Math.max(1, spec?.replicas ?? 1))
  return Array.from({ length: count }, (_, index) => {
    const name = `${set?.metadata.name}-${index}`
    const claimName = template && `${template}-${name}`
    const claim = inSpace('PersistentVolumeClaim', claimName)
    const volumeName = fieldsOf<ClaimFields>(claim).spec?.volumeName
    return {
      name,
      pod: inSpace('Pod', name),
      claimName,
      claim,
      volume: ofKind(objects, 'PersistentVolume').find(({ metadata }) => metadata.name === volumeName),
    }
  })
}

const gap = 22
const width = (stage.width - gap * (mostColumns - 1)) / mostColumns
const rows = { set: ground, pod: ground + 92, claim: ground + 178, volume: ground + 261, storageClass: ground + 350 }
const heights = { row: 54, drum: 62, strip: 54 }

const columnPlaces = ({ name, pod, claimName, claim, volume }: Column, index: number, t: Words): Place[] => {
  const box = { x: index * (width + gap), width }
  const { status } = fieldsOf<ClaimFields>(claim)
  return [
    {
      id: `pod/${index}`,
      part: 'pod',
      shape: 'row',
      ...box,
      y: rows.pod,
      height: heights.row,
      label: cutTo(name, width - 60),
      ...(pod && { state: podState(pod).state }),
      isAbsent: !pod,
    },
    {
      id: `claim/${index}`,
      part: 'persistentvolumeclaim',
      shape: 'row',
      ...box,
      y: rows.claim,
      height: heights.row,
      label: claimName ? cutTo(claimName, width - 60) : t('object.noClaim'),
      ...(claim && (status?.phase === 'Bound' ? { state: 'ready', word: t('object.bound') } : { state: 'pending' })),
      isAbsent: !claim,
    },
    {
      id: `volume/${index}`,
      part: 'persistentvolume',
      shape: 'drum',
      ...box,
      y: rows.volume,
      height: heights.drum,
      label: volume ? `PV ${status?.capacity?.storage ?? ''}` : t('object.none'),
      isAbsent: !volume,
    },
  ]
}

const columnTies = ({ pod, claim, volume }: Column, index: number): Tie[] => {
  const x = index * (width + gap) + width / 2
  const down = (from: number, to: number, isThere: unknown): Tie => ({
    look: isThere ? 'owns' : 'limit',
    points: [
      [x, from],
      [x, to],
    ],
  })
  return [
    down(rows.set + heights.strip, rows.pod, pod),
    down(rows.pod + heights.row, rows.claim, pod && claim),
    down(rows.claim + heights.row, rows.volume, volume),
    down(rows.volume + heights.drum, rows.storageClass, volume),
  ]
}

export const statefulSet: Diagram = {
  label: t => t('diagram.statefulset'),
  story: statefulSetStory,
  isIn: ({ objects }) => ofKind(objects, 'StatefulSet').length > 0,
  draw: ({ objects }, t) => {
    const shown = mostTelling(ofKind(objects, 'StatefulSet'))
    const { spec } = fieldsOf<SetFields>(shown)
    const columns = columnsOf(objects, shown)
    const wanted = spec?.replicas ?? 1
    const storageClass = columns.map(({ claim }) => fieldsOf<ClaimFields>(claim).spec?.storageClassName).find(Boolean)
    const { places, wires } = cast(['kubectl', 'statefulset-controller', 'persistentvolume-controller', 'kubelet'], t)
    const strip = (part: string, y: number, note: string, isAbsent: boolean): Place => ({
      id: part,
      part,
      shape: 'strip',
      x: 0,
      y,
      width: stage.width,
      height: heights.strip,
      note,
      isAbsent,
    })
    const name = cutTo(shown?.metadata.name ?? '', 360)
    return {
      ...stage,
      wires,
      places: [
        ...places,
        strip('statefulset', rows.set, [name, t('object.wants', { count: wanted })].join(' · '), !shown),
        ...columns.flatMap((column, index) => columnPlaces(column, index, t)),
        strip('storageclass', rows.storageClass, storageClass ?? t('object.none'), storageClass === undefined),
      ],
      ties: columns.flatMap(columnTies),
      of: uidsOf(shown, ...columns.flatMap(({ claim, volume }) => [claim, volume])),
    }
  },
}
