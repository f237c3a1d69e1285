// A DaemonSet: one layer through all nodes. Who joins gets its Pod, who goes takes it away.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import { podState } from '../../../../state/pod-state.ts'
import type { Diagram, Words } from '../diagram.ts'
import type { Drawing, Place, Wire } from '../drawing.ts'
import type { NodeFacts } from '../facts.ts'
import { daemonSetStory } from '../stories/daemon-set.ts'
import { cast, ground, stage, wireDown } from './cast.ts'
import { cutTo, fieldsOf, mostTelling, nameOf, ofKind, ownedBy, uidsOf } from './reading.ts'

interface PodFields {
  spec: { nodeName?: string }
}

const mostNodes = 4
const leastRooms = 3
/** The layer's own name stands at its left. */
const first = 232
const gap = 18
const band = { y: ground + 186, height: 92 }

interface Room {
  places: Place[]
  wires: Wire[]
  words: Required<Drawing>['words']
  dots: Required<Drawing>['dots']
}

const roomOf = ({ name, pods }: NodeFacts, agent: KubeObject | undefined, x: number, width: number, t: Words): Room => {
  const kubelet: Place = { id: `kubelet/${name}`, part: 'kubelet', x: x + 16, y: ground + 60, width: width - 32, height: 62 }
  const others = pods.filter(({ uid }) => uid !== agent?.metadata.uid)
  const room = Math.floor((width - 40) / 30)
  return {
    places: [
      {
        id: `node/${name}`,
        part: 'node',
        shape: 'frame',
        x,
        y: ground,
        width,
        height: stage.height - ground,
        label: cutTo(name, width - 84),
      },
      kubelet,
      {
        id: `pod/${name}`,
        part: 'pod',
        shape: 'row',
        x: x + 16,
        y: band.y + 18,
        width: width - 32,
        height: band.height - 36,
        label: agent ? cutTo(nameOf(agent), width - 90) : t('object.none'),
        ...(agent && { state: podState(agent).state }),
        isAbsent: !agent,
      },
    ],
    wires: [wireDown(kubelet, x + width - 36)],
    words: [{ x: x + 20, y: band.y + band.height + 52, text: t('object.otherPods', { count: others.length }), look: 'note' }],
    dots: [{ x: x + 32, y: band.y + band.height + 88, pods: others, most: room }],
  }
}

export const daemonSet: Diagram = {
  label: t => t('diagram.daemonset'),
  story: daemonSetStory,
  isIn: ({ objects }) => ofKind(objects, 'DaemonSet').length > 0,
  draw: ({ objects, nodes }, t) => {
    const shown = mostTelling(ofKind(objects, 'DaemonSet'))
    const agents = ownedBy(objects, 'Pod', shown)
    const drawn = nodes.slice(0, mostNodes)
    const count = Math.max(leastRooms, drawn.length)
    const width = (stage.width - first - gap * (count - 1)) / count
    const rooms = drawn.map((node, index) => {
      // The newest: one that leaves makes room for the next.
      const agent = agents.findLast(pod => fieldsOf<PodFields>(pod).spec?.nodeName === node.name)
      return roomOf(node, agent, first + index * (width + gap), width, t)
    })
    const { places, wires } = cast(['kubectl', 'daemonset-controller', 'kube-scheduler'], t)
    const end = first + drawn.length * (width + gap) - gap
    const more = nodes.length - drawn.length
    return {
      ...stage,
      places: [
        ...places,
        ...rooms.flatMap(room => room.places.filter(({ shape }) => shape === 'frame')),
        {
          id: 'daemonset',
          part: 'daemonset',
          shape: 'strip',
          x: 0,
          y: band.y,
          width: end,
          height: band.height,
          isAbsent: !shown,
        },
        ...rooms.flatMap(room => room.places.filter(({ shape }) => shape !== 'frame')),
      ],
      wires: [...wires, ...rooms.flatMap(room => room.wires)],
      words: [
        { x: 24, y: band.y + band.height + 38, text: cutTo(shown?.metadata.name ?? '', first - 40), look: 'code' },
        { x: 24, y: band.y - 18, text: t('object.onEachNode'), look: 'note' },
        ...(more > 0
          ? [{ x: 24, y: stage.height - 16, text: t('diagram.moreNodes', { count: more }), look: 'note' } as const]
          : []),
        ...rooms.flatMap(room => room.words),
      ],
      dots: rooms.flatMap(room => room.dots),
      of: uidsOf(shown, ...ofKind(objects, 'Node')),
    }
  },
}
