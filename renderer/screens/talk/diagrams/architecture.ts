// The architecture: who talks to whom. Everybody talks to the API server; what lasts is kept below.

import { barNote, type Diagram, type Words } from './diagram.ts'
import type { Drawing, Place, Wire } from './drawing.ts'
import type { NodeFacts } from './facts.ts'
import { helloStory } from './stories/hello.ts'

const width = 976
const bar = { y: 158, height: 72 }
const machineWidth = 476

type Piece = Pick<Drawing, 'places' | 'wires'> & Required<Pick<Drawing, 'frames' | 'lines' | 'words' | 'dots'>>

/** One node's frame, its agents, its Pods, its runtime and network. */
const machine = ({ name, pods }: NodeFacts, x: number, t: Words): Piece => {
  const place = (part: string, left: number, y: number, wide: number): Place => ({
    id: `${part}/${name}`,
    part,
    x: x + left,
    y,
    width: wide,
    height: 58,
  })
  const agents = [place('kubelet', 20, 304, 122), place('kube-proxy', 154, 304, 156), place('ingress-controller', 322, 304, 134)]
  const wire = ({ id, x: left, width: wide, y }: Place): Wire => ({
    from: 'kube-apiserver',
    to: id,
    points: [
      [left + wide / 2, bar.y + bar.height],
      [left + wide / 2, y],
    ],
  })
  return {
    frames: [{ x, y: 284, width: machineWidth, height: 260 }],
    places: [...agents, place('containerd', 20, 446, 240), place('cni', 280, 446, 176)],
    wires: agents.map(wire),
    lines: [
      [
        [x + machineWidth / 2, 544],
        [x + machineWidth / 2, 566],
      ],
    ],
    words: [
      { x: x + 24, y: 414, text: name, look: 'name' },
      { x: x + 456, y: 413, text: t('diagram.pods', { count: pods.length }), look: 'note', anchor: 'end' },
    ],
    dots: [{ x: x + 130, y: 405, pods }],
  }
}

const column = (id: string, x: number): Wire => ({
  from: id,
  to: 'kube-apiserver',
  points: [
    [x, 86],
    [x, bar.y],
  ],
})

export const architecture: Diagram = {
  label: t => t('diagram.architecture'),
  story: helloStory,
  draw: (facts, t) => {
    const machines = facts.nodes.slice(0, 2).map((node, index) => machine(node, index * 500, t))
    const all = <K extends keyof Piece>(key: K) => machines.flatMap(each => each[key] as Piece[K][number][]) as Piece[K]
    const more = facts.nodes.length - 2
    return {
      width,
      height: 630,
      frames: all('frames'),
      places: [
        { id: 'kubectl', part: 'kubectl', x: 0, y: 0, width: 192, height: 86, note: t('diagram.clients') },
        {
          id: 'etcd',
          part: 'etcd',
          x: 234,
          y: 0,
          width: 160,
          height: 86,
          shape: 'drum',
          note: facts.revision && t('diagram.revision', { revision: facts.revision }),
        },
        {
          id: 'kube-controller-manager',
          part: 'kube-controller-manager',
          x: 428,
          y: 0,
          width: 290,
          height: 86,
          note: t('diagram.wanted', { wanted: facts.wanted, have: facts.have }),
        },
        {
          id: 'kube-scheduler',
          part: 'kube-scheduler',
          x: 764,
          y: 0,
          width: 212,
          height: 86,
          note: t('diagram.waiting', { count: facts.waiting.length }),
        },
        {
          id: 'kube-apiserver',
          part: 'kube-apiserver',
          x: 0,
          ...bar,
          width,
          shape: 'bar',
          note: barNote(facts, t),
        },
        ...all('places'),
        { id: 'storage', part: 'storage', x: 0, y: 566, width, height: 62, shape: 'strip', note: t('diagram.storage') },
      ],
      wires: [
        column('kubectl', 96),
        column('etcd', 314),
        column('kube-controller-manager', 573),
        column('kube-scheduler', 870),
        ...all('wires'),
      ],
      lines: [
        ...all('lines'),
        ...(machines.length > 1
          ? ([
              [
                [368, 504],
                [368, 524],
                [868, 524],
                [868, 504],
              ],
            ] as const)
          : []),
      ],
      words: [
        ...all('words'),
        { x: 352, y: 531, text: t('diagram.podNetwork'), look: 'note', anchor: 'end' },
        ...(more > 0
          ? [{ x: width, y: 277, text: t('diagram.moreNodes', { count: more }), look: 'note', anchor: 'end' } as const]
          : []),
      ],
      dots: all('dots'),
    }
  },
}
