// What happens after `kubectl apply`: the controllers in a row, the API server between them, and below what etcd has by now.

import type { KubeObject } from '../../../../electron/contract/cluster.ts'
import { podState } from '../../../state/pod-state.ts'
import { barNote, type Diagram, type Words as Texts } from './diagram.ts'
import type { Place, Wire, Words } from './drawing.ts'
import { helloStory } from './stories/hello.ts'

const width = 976
const bar = { y: 156, height: 70 }
const low = 296
const store = { x: 250, y: low, width: 476, height: 330 }
const line = 34
/** Objects for which there is room. */
const most = 7

const above: readonly (readonly [part: string, x: number, width: number])[] = [
  ['kubectl', 0, 140],
  ['deployment-controller', 166, 184],
  ['replicaset-controller', 376, 164],
  ['kube-scheduler', 566, 164],
  ['endpointslice-controller', 756, 220],
]

const up = (to: string, x: number, y: number): Wire => ({
  from: 'kube-apiserver',
  to,
  points: [
    [x, y < bar.y ? bar.y : bar.y + bar.height],
    [x, y],
  ],
})

const isUnder = (owners: readonly KubeObject[], object: KubeObject): boolean =>
  object.metadata.ownerReferences?.some(({ uid }) => owners.some(owner => owner.metadata.uid === uid)) ?? false

/** The Deployment that was applied last, what was made of it, and the lists that name its Pods; in the order of making. */
const familyOf = (objects: readonly KubeObject[]): KubeObject[] => {
  const of = (kind: string) => objects.filter(object => object.kind === kind && object.metadata.namespace !== 'kube-system')
  const age = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp)
  const deployment = of('Deployment')
    .toSorted((a, b) => age(a) - age(b) || a.metadata.name.localeCompare(b.metadata.name))
    .at(-1)
  if (!deployment) return []
  const sets = of('ReplicaSet').filter(set => isUnder([deployment], set))
  const pods = of('Pod').filter(pod => isUnder(sets, pod))
  const names = new Set(pods.map(({ metadata }) => metadata.name))
  const slices = of('EndpointSlice').filter(slice => {
    const { endpoints } = slice as { endpoints?: { targetRef?: { name?: string } }[] | null }
    return endpoints?.some(({ targetRef }) => names.has(targetRef?.name ?? ''))
  })
  return [deployment, ...sets, ...pods, ...slices]
}

interface Fields {
  replicas?: number
  readyReplicas?: number
  nodeName?: string
}

/** What one would ask of it: how many are ready, on which node, how many addresses. */
const noteOf = (object: KubeObject, t: Texts): string => {
  const { replicas = 1, nodeName } = (object.spec ?? {}) as Fields
  if (object.kind === 'Pod') return [nodeName, t(`states.${podState(object).state}`)].filter(Boolean).join(' ')
  const { endpoints } = object as { endpoints?: unknown[] | null }
  if (object.kind === 'EndpointSlice') return t('diagram.addresses', { count: endpoints?.length ?? 0 })
  return `${((object.status ?? {}) as Fields).readyReplicas ?? 0}/${replicas}`
}

const rowsOf = (family: readonly KubeObject[], t: Texts): Words[] => {
  const shown = family.slice(0, family.length > most ? most - 1 : most)
  const rows = shown.flatMap((object, index): Words[] => {
    const y = store.y + 108 + index * line
    const name = object.kind === 'Pod' ? object.metadata.name.split('-').slice(-1)[0] : object.metadata.name
    return [
      { x: store.x + 24, y, text: `${object.kind} ${name?.slice(0, 18)}`, look: 'code' },
      { x: store.x + store.width - 24, y, text: noteOf(object, t), look: 'note', anchor: 'end' },
    ]
  })
  const more = family.length - shown.length
  if (more > 0)
    rows.push({
      x: store.x + 24,
      y: store.y + 108 + shown.length * line,
      text: t('diagram.moreObjects', { count: more }),
      look: 'note',
    })
  return rows
}

export const kubectlApply: Diagram = {
  label: t => t('diagram.kubectlApply'),
  story: helloStory,
  isGuided: true,
  draw: (facts, t) => {
    const family = familyOf(facts.objects)
    const places = above.map(
      ([part, x, wide], index): Place => ({
        id: part,
        part,
        x,
        y: 0,
        width: wide,
        height: 86,
        ...(part.endsWith('-controller') && { note: t('diagram.controller') }),
        ...(part === 'kube-scheduler' && { note: t('diagram.waiting', { count: facts.waiting.length }) }),
        ...(index === 0 && { note: t('diagram.you') }),
      }),
    )
    return {
      width,
      height: 630,
      places: [
        ...places,
        { id: 'kube-apiserver', part: 'kube-apiserver', x: 0, ...bar, width, shape: 'bar', note: barNote(facts, t) },
        { id: 'kubelet', part: 'kubelet', x: 0, y: low, width: 212, height: 72 },
        {
          id: 'etcd',
          part: 'etcd',
          ...store,
          shape: 'store',
          note: facts.revision && t('diagram.revision', { revision: facts.revision }),
        },
        { id: 'kube-proxy', part: 'kube-proxy', x: 764, y: low, width: 212, height: 72 },
      ],
      wires: [
        ...places.map(({ id, x, width: wide }) => up(id, x + wide / 2, 86)),
        up('kubelet', 106, low),
        up('etcd', store.x + store.width / 2, low),
        up('kube-proxy', 870, low),
      ],
      words: [
        ...facts.nodes
          .slice(0, 2)
          .map(({ name }, index): Words => ({ x: 0, y: low + 122 + index * 48, text: name, look: 'name' })),
        ...rowsOf(family, t),
      ],
      dots: facts.nodes.slice(0, 2).map(({ pods }, index) => ({ x: 102, y: low + 114 + index * 48, pods, most: 4 })),
      of: new Set(family.map(({ metadata }) => metadata.uid)),
    }
  },
}
