// The control plane: three kinds of clients, one door; behind it etcd, the scheduler, and the controllers in their two programs.

import type { Diagram } from './diagram.ts'
import type { Place, Point, Wire } from './drawing.ts'
import { helloStory } from './stories/hello.ts'

const bar = { x: 20, y: 172, width: 936, height: 66 }
const row = 314

/** Two columns of controllers inside the program that runs them. */
const managed = [
  ['deployment-controller', 'replicaset-controller'],
  ['statefulset-controller', 'daemonset-controller'],
  ['job-controller', 'endpointslice-controller'],
  ['node-controller', 'namespace-controller'],
  ['serviceaccount-controller', 'resourcequota-controller'],
] as const
const inCloud = ['route-controller', 'service-controller', 'cloud-node-controller'] as const

const chip = (part: string, x: number, y: number, width: number): Place => ({
  id: part,
  part,
  x,
  y,
  width,
  height: 42,
  shape: 'chip',
})

const down = (to: string, x: number, y = row): Wire => ({
  from: 'kube-apiserver',
  to,
  points: [
    [x, bar.y + bar.height],
    [x, y],
  ],
})

const client = (part: string, x: number): { place: Place; wire: Wire } => ({
  place: { id: part, part, x, y: 0, width: 240, height: 70 },
  wire: {
    from: part,
    to: 'kube-apiserver',
    points: [
      [x + 120, 70],
      [x + 120, bar.y],
    ] satisfies Point[],
  },
})

const clients = [client('client-api', 20), client('client-ui', 350), client('kubectl', 716)]

export const controlPlane: Diagram = {
  label: t => t('diagram.controlPlane'),
  story: helloStory,
  draw: (facts, t) => ({
    width: 976,
    height: 630,
    frames: [{ x: 0, y: 124, width: 976, height: 506 }],
    places: [
      ...clients.map(({ place }) => place),
      { id: 'kube-apiserver', part: 'kube-apiserver', ...bar, shape: 'bar', note: t('diagram.door') },
      {
        id: 'etcd',
        part: 'etcd',
        x: 20,
        y: row,
        width: 150,
        height: 120,
        shape: 'drum',
        note: facts.revision ? t('diagram.revision', { revision: facts.revision }) : t('diagram.memory'),
      },
      {
        id: 'kube-scheduler',
        part: 'kube-scheduler',
        x: 182,
        y: row,
        width: 164,
        height: 120,
        note: t('diagram.waiting', { count: facts.waiting.length }),
      },
      {
        id: 'kube-controller-manager',
        part: 'kube-controller-manager',
        x: 358,
        y: row,
        width: 340,
        height: 300,
        shape: 'frame',
      },
      ...managed.flatMap(([left, right], index) => [
        chip(left, 366, row + 52 + index * 48, 158),
        chip(right, 532, row + 52 + index * 48, 158),
      ]),
      {
        id: 'cloud-controller-manager',
        part: 'cloud-controller-manager',
        x: 710,
        y: row,
        width: 246,
        height: 300,
        label: t('diagram.cloudShort'),
        shape: 'frame',
      },
      ...inCloud.map((part, index) => chip(part, 722, row + 52 + index * 48, 222)),
    ],
    wires: [
      ...clients.map(({ wire }) => wire),
      down('etcd', 95),
      down('kube-scheduler', 264),
      down('kube-controller-manager', 528),
      down('cloud-controller-manager', 833),
    ],
    words: [
      { x: 494, y: 156, text: t('diagram.controlPlaneFrame'), look: 'note' },
      { x: 20, y: 470, text: t('diagram.onlyApi'), look: 'note' },
      { x: 833, y: 590, text: t('diagram.onlyCloud'), look: 'note', anchor: 'middle' },
    ],
  }),
}
