// The horizontal Pod autoscaler: use against its target, one division, and a new number of replicas.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import type { Diagram } from '../diagram.ts'
import type { Place, Tie } from '../drawing.ts'
import { dotOf } from '../facts.ts'
import { autoscalerStory } from '../stories/autoscaler.ts'
import { cast, ground, stage } from './cast.ts'
import { cutTo, fieldsOf, mostTelling, ofKind, ownedBy, uidsOf } from './reading.ts'

interface Metric {
  type?: string
  resource?: { name?: string; target?: { averageUtilization?: number }; current?: { averageUtilization?: number } }
}
interface AutoscalerFields {
  spec: { scaleTargetRef?: { kind: string; name: string }; minReplicas?: number; maxReplicas?: number; metrics?: Metric[] }
  status: { currentReplicas?: number; desiredReplicas?: number; currentMetrics?: Metric[] | null }
}
interface Scaled {
  spec: { replicas?: number }
}

/** The division that it makes, as far as its figures are known. */
export const sumOf = (autoscaler: KubeObject | undefined) => {
  const { spec, status } = fieldsOf<AutoscalerFields>(autoscaler)
  const target = spec?.metrics?.find(({ resource }) => resource?.target?.averageUtilization !== undefined)?.resource?.target
    ?.averageUtilization
  const use = status?.currentMetrics?.find(({ resource }) => resource?.current?.averageUtilization !== undefined)?.resource
    ?.current?.averageUtilization
  const now = status?.currentReplicas
  const exact = target && use !== undefined && now !== undefined ? (now * use) / target : undefined
  return { target, use, now, exact, wanted: status?.desiredReplicas }
}

/** The Pods that the target stands above: through its ReplicaSets where it is a Deployment. */
const podsUnder = (
  objects: readonly KubeObject[],
  target: KubeObject | undefined,
): { sets: KubeObject[]; pods: KubeObject[] } => {
  const sets = ownedBy(objects, 'ReplicaSet', target)
  return { sets, pods: (target?.kind === 'Deployment' ? sets : [target]).flatMap(owner => ownedBy(objects, 'Pod', owner)) }
}

const left = 290
const right = { x: left, width: stage.width - left }
const gauge = { y: ground, height: 146 }
const sum = { y: ground + 168, height: 84 }
const scale = { y: ground + 274, height: stage.height - ground - 274 }
const card = { x: 0, width: 234 }

/** Twice the target, or as much as is used: so that both are on it. */
const gaugeOf = (use: number | undefined, target: number | undefined) => {
  const span = Math.max((target ?? 50) * 2.5, (use ?? 0) * 1.1)
  const at = (percent: number) => left + 24 + (percent / span) * (right.width - 48)
  return {
    at,
    lengths:
      use === undefined
        ? []
        : [{ x: at(0), y: gauge.y + 58, width: Math.max(2, at(use) - at(0)), height: 28, look: 'used' as const }],
  }
}

const between = (y: number): Tie => ({
  look: 'owns',
  points: [
    [card.x + card.width, y],
    [left, y],
  ],
})

export const autoscaler: Diagram = {
  label: t => t('diagram.hpa'),
  story: autoscalerStory,
  isIn: ({ objects }) => ofKind(objects, 'HorizontalPodAutoscaler').length > 0,
  draw: ({ objects }, t) => {
    const shown = mostTelling(ofKind(objects, 'HorizontalPodAutoscaler'))
    const { spec } = fieldsOf<AutoscalerFields>(shown)
    const { target, use, now, exact, wanted } = sumOf(shown)
    const scaled = objects.find(
      ({ kind, metadata }) =>
        kind === spec?.scaleTargetRef?.kind &&
        metadata.name === spec.scaleTargetRef.name &&
        metadata.namespace === shown?.metadata.namespace,
    )
    const { sets, pods } = podsUnder(objects, scaled)
    const { at, lengths } = gaugeOf(use, target)
    const { places, wires } = cast(['kubectl', 'horizontal-pod-autoscaler', 'deployment-controller', 'kubelet'], t)
    const percent = (figure: number | undefined) => (figure === undefined ? '?' : `${figure}%`)
    const mark = target === undefined ? undefined : at(target)
    const box = (part: string, y: number, note: string, isAbsent: boolean): Place => ({
      id: part,
      part,
      ...card,
      y: y - 43,
      height: 86,
      note,
      isAbsent,
    })
    return {
      ...stage,
      wires,
      places: [
        ...places,
        box('metrics-server', gauge.y + gauge.height / 2, t('object.figures'), use === undefined),
        box('hpa', sum.y + sum.height / 2, cutTo(shown?.metadata.name ?? '', 210), !shown),
        { id: 'usage', part: 'usage', shape: 'frame', ...right, ...gauge, note: percent(use) },
        {
          id: 'sum',
          part: 'sum',
          shape: 'strip',
          ...right,
          ...sum,
          label:
            exact === undefined
              ? t('object.noFigures')
              : `${now} × ${percent(use)} ÷ ${percent(target)} = ${Math.round(exact * 10) / 10}`,
          note: wanted === undefined ? undefined : t('object.makes', { count: wanted }),
        },
        {
          id: 'deployment',
          part: 'deployment',
          shape: 'frame',
          ...right,
          ...scale,
          note:
            scaled &&
            `${cutTo(scaled.metadata.name, 260)} · ${t('object.wants', { count: fieldsOf<Scaled>(scaled).spec?.replicas ?? 1 })}`,
          isAbsent: !scaled,
        },
      ],
      lengths,
      ties: [
        between(gauge.y + gauge.height / 2),
        between(sum.y + sum.height / 2),
        {
          look: 'owns',
          points: [
            [left + 60, sum.y + sum.height],
            [left + 60, scale.y],
          ],
        },
        ...(mark === undefined
          ? []
          : [
              {
                look: 'limit' as const,
                points: [
                  [mark, gauge.y + 48],
                  [mark, gauge.y + 98],
                ] as const,
              },
            ]),
      ],
      words: [
        ...(mark === undefined
          ? []
          : [
              {
                x: mark,
                y: gauge.y + 126,
                text: t('object.target', { target }),
                look: 'note' as const,
                anchor: 'middle' as const,
              },
            ]),
        ...(spec?.maxReplicas === undefined
          ? []
          : [
              {
                x: card.x + card.width / 2,
                y: sum.y + sum.height / 2 + 43 + 38,
                text: t('object.between', { least: spec.minReplicas ?? 1, most: spec.maxReplicas }),
                look: 'note' as const,
                anchor: 'middle' as const,
              },
            ]),
      ],
      dots: [{ x: left + 40, y: scale.y + 84, pods: pods.map(dotOf), most: 21 }],
      of: uidsOf(shown, scaled, ...sets),
    }
  },
}
