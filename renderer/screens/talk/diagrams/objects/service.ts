// A Service: one address in front, behind it a list of those that are ready; what is not ready drops out of the list.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import { podState } from '../../../../state/pod-state.ts'
import type { Diagram, Words } from '../diagram.ts'
import type { Place, Tie } from '../drawing.ts'
import { serviceStory } from '../stories/service.ts'
import { cast, ground, stage } from './cast.ts'
import { cutTo, fieldsOf, mostTelling, nameOf, ofKind, uidsOf } from './reading.ts'

interface ServiceFields {
  spec: { clusterIP?: string; selector?: Record<string, string>; ports?: { port: number }[] }
}
interface Endpoint {
  addresses: string[]
  conditions?: { ready?: boolean }
  targetRef?: { kind?: string; uid?: string; name: string }
}
interface SliceFields {
  endpoints: Endpoint[] | null
  ports: { port?: number }[] | null
}

/** The API server's own Service is everybody's, and teaches nothing. */
const isTelling = (service: KubeObject): boolean =>
  fieldsOf<ServiceFields>(service).spec?.selector !== undefined && !service.metadata.namespace?.startsWith('kube-')

/** The slices on which a Service's list stands. */
export const slicesOf = (objects: readonly KubeObject[], service: KubeObject | undefined): KubeObject[] =>
  ofKind(objects, 'EndpointSlice').filter(
    ({ metadata }) =>
      metadata.labels?.['kubernetes.io/service-name'] === service?.metadata.name &&
      metadata.namespace === service?.metadata.namespace,
  )

interface Entry {
  address: string
  isReady: boolean
  pod: KubeObject | undefined
}

/** The list's lines, in the order of its Pods' names: a line keeps its place when it is ready no more. */
export const entriesOf = (objects: readonly KubeObject[], service: KubeObject | undefined): Entry[] => {
  const pods = ofKind(objects, 'Pod')
  return slicesOf(objects, service)
    .flatMap(slice => {
      const { endpoints, ports } = fieldsOf<SliceFields>(slice)
      const port = ports?.[0]?.port
      return (endpoints ?? []).map(({ addresses, conditions, targetRef }) => ({
        address: [addresses[0] ?? '', ...(port === undefined ? [] : [port])].join(':'),
        isReady: conditions?.ready !== false,
        pod: pods.find(({ metadata }) => metadata.name === targetRef?.name && metadata.namespace === service?.metadata.namespace),
      }))
    })
    .toSorted((a, b) => (a.pod?.metadata.name ?? a.address).localeCompare(b.pod?.metadata.name ?? b.address))
}

const mostRows = 4
const row = { height: 56, step: 76 }
const visitor = { x: 0, width: 132, height: 72 }
const front = { x: 176, width: 224, height: 130 }
const list = { x: 440, y: ground, width: 298, height: stage.height - ground }
const podX = 790
const middle = list.y + 82 + (mostRows * row.step - (row.step - row.height)) / 2

const line = (x: number, y: number, to: number, isReady = true): Tie => ({
  look: isReady ? 'flows' : 'limit',
  points: [
    [x, y],
    [to, y],
  ],
})

const rowsOf = (entries: readonly Entry[], t: Words): { places: Place[]; ties: Tie[] } => {
  const drawn: readonly (Entry | undefined)[] = entries.length > 0 ? entries.slice(0, mostRows) : [undefined]
  const places: Place[] = []
  const ties: Tie[] = []
  for (const [index, entry] of drawn.entries()) {
    const y = list.y + 82 + index * row.step
    const isReady = entry?.isReady === true
    places.push(
      {
        id: `endpoint/${index}`,
        part: 'endpoint',
        shape: 'row',
        x: list.x + 16,
        y,
        width: list.width - 32,
        height: row.height,
        label: entry ? cutTo(entry.address, 210) : t('object.emptyList'),
        ...(entry && { state: isReady ? 'ready' : 'progressing' }),
        isAbsent: !isReady,
      },
      {
        id: `pod/${index}`,
        part: 'pod',
        shape: 'row',
        x: podX,
        y,
        width: stage.width - podX,
        height: row.height,
        label: cutTo(entry?.pod ? nameOf(entry.pod) : t('object.none'), 134),
        ...(entry?.pod && { state: podState(entry.pod).state }),
        isAbsent: !entry?.pod || podState(entry.pod).state === 'leaving',
      },
    )
    if (entry) ties.push(line(list.x + list.width - 16, y + row.height / 2, podX, isReady))
  }
  return { places, ties }
}

export const service: Diagram = {
  label: t => t('diagram.service'),
  story: serviceStory,
  isIn: ({ objects }) => ofKind(objects, 'Service').some(isTelling),
  draw: ({ objects }, t) => {
    const shown = mostTelling(ofKind(objects, 'Service').filter(isTelling))
    const { spec } = fieldsOf<ServiceFields>(shown)
    const entries = entriesOf(objects, shown)
    const ready = entries.filter(({ isReady }) => isReady).length
    const { places, wires } = cast(['kubectl', 'endpointslice-controller', 'kubelet', 'kube-proxy'], t)
    const rows = rowsOf(entries, t)
    const more = entries.length - mostRows
    return {
      ...stage,
      wires,
      places: [
        ...places,
        { id: 'visitor', part: 'visitor', ...visitor, y: middle - visitor.height / 2 },
        {
          id: 'service',
          part: 'service',
          ...front,
          y: middle - front.height / 2,
          note: cutTo(shown?.metadata.name ?? '', front.width - 24),
          isAbsent: !shown,
        },
        {
          id: 'endpointslice',
          part: 'endpointslice',
          shape: 'frame',
          ...list,
          note: t('object.listed', { count: ready }),
        },
        ...rows.places,
      ],
      ties: [
        line(visitor.width, middle, front.x, ready > 0),
        line(front.x + front.width, middle, list.x, ready > 0),
        ...rows.ties,
      ],
      words: [
        {
          x: front.x + front.width / 2,
          y: middle + front.height / 2 + 38,
          text: [spec?.clusterIP ?? '', ...(spec?.ports?.[0] ? [spec.ports[0].port] : [])].join(':'),
          look: 'code',
          anchor: 'middle',
        },
        ...(more > 0
          ? [{ x: list.x + 24, y: stage.height - 18, text: t('object.more', { count: more }), look: 'note' } as const]
          : []),
      ],
      of: uidsOf(shown, ...slicesOf(objects, shown), ...entries.map(({ pod }) => pod)),
    }
  },
}
