// A Pod: containers on one node with one address and the same volumes; the kubelet restarts them, nobody brings the Pod back.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import { podState } from '../../../../state/pod-state.ts'
import type { Diagram } from '../diagram.ts'
import type { Place } from '../drawing.ts'
import { podStory } from '../stories/pod.ts'
import { cast, ground, stage, wireDown } from './cast.ts'
import { cutTo, fieldsOf, mostTelling, ofKind, uidsOf } from './reading.ts'

interface Container {
  name: string
}
interface ContainerStatus extends Container {
  ready?: boolean
  restartCount?: number
  state?: { running?: object; waiting?: { reason?: string }; terminated?: { reason?: string } }
}
interface PodFields {
  spec: {
    nodeName?: string
    containers?: Container[]
    volumes?: Container[]
  }
  status: { podIP?: string; containerStatuses?: ContainerStatus[] }
}

/** A Pod that nobody keeps is the plainest. */
const isBare = ({ metadata }: KubeObject): boolean => (metadata.ownerReferences ?? []).length === 0

const chosen = (objects: readonly KubeObject[]): KubeObject | undefined => {
  const pods = ofKind(objects, 'Pod')
  const bare = pods.filter(pod => isBare(pod) && !pod.metadata.namespace?.startsWith('kube-'))
  return mostTelling(bare.length > 0 ? bare : pods)
}

/** What the API server's own add: every Pod has its token mounted. */
const isToken = ({ name }: Container): boolean => name.startsWith('kube-api-access-')

const left = 292
const frame = { x: left, y: ground + 20, width: stage.width - left - 24, height: 362 }
const inside = { x: frame.x + 24, width: frame.width - 48 }
const mostContainers = 3

const stateOf = ({ state, ready }: ContainerStatus): Place['state'] => {
  if (state?.running) return ready === false ? 'progressing' : 'ready'
  const reason = state?.waiting?.reason ?? state?.terminated?.reason ?? ''
  if (reason === 'Completed') return 'ready'
  return /Err|BackOff|Error|OOM/.test(reason) ? 'failed' : 'progressing'
}

const containersOf = (pod: KubeObject | undefined): Place[] => {
  const { spec, status } = fieldsOf<PodFields>(pod)
  const containers = (spec?.containers ?? [{ name: '' }]).slice(0, mostContainers)
  const gap = 20
  const width = (inside.width - gap * (containers.length - 1)) / containers.length
  return containers.map(({ name }, index): Place => {
    const now = status?.containerStatuses?.find(each => each.name === name)
    return {
      id: `container/${index}`,
      part: 'container',
      shape: 'frame',
      x: inside.x + index * (width + gap),
      y: frame.y + 64,
      width,
      height: 118,
      label: name === '' ? undefined : cutTo(name, width - 70),
      ...(now && { state: stateOf(now) }),
      isAbsent: now === undefined,
    }
  })
}

const restartsOf = (pod: KubeObject | undefined, name: string | undefined): number =>
  fieldsOf<PodFields>(pod).status?.containerStatuses?.find(each => each.name === name)?.restartCount ?? 0

export const pod: Diagram = {
  label: t => t('diagram.pod'),
  story: podStory,
  isIn: ({ objects }) => chosen(objects) !== undefined,
  draw: ({ objects, nodes }, t) => {
    const shown = chosen(objects)
    const { spec, status } = fieldsOf<PodFields>(shown)
    const node = spec?.nodeName
    const { places, wires } = cast(['kubectl', 'kube-scheduler'], t)
    const kubelet: Place = {
      id: `kubelet/${node ?? nodes[0]?.name}`,
      part: 'kubelet',
      x: 24,
      y: ground + 62,
      width: 190,
      height: 72,
    }
    const containerd: Place = { ...kubelet, id: kubelet.id.replace('kubelet', 'containerd'), part: 'containerd', y: ground + 250 }
    const volumes = (spec?.volumes ?? []).filter(volume => !isToken(volume)).map(({ name }) => name)
    const containers = containersOf(shown)
    const strip = (part: string, y: number, note: string): Place => ({
      id: part,
      part,
      shape: 'strip',
      ...inside,
      y,
      height: 66,
      note,
      isAbsent: !shown,
    })
    return {
      ...stage,
      frames: [{ x: 0, y: ground, width: stage.width, height: stage.height - ground }],
      places: [
        ...places,
        kubelet,
        containerd,
        {
          id: 'pod',
          part: 'pod',
          shape: 'frame',
          ...frame,
          label: shown && `Pod ${cutTo(shown.metadata.name, 340)}`,
          note: shown ? undefined : t('object.gone'),
          ...(shown && { state: podState(shown).state }),
          isAbsent: !shown,
        },
        ...containers,
        strip('pod-network', frame.y + 202, status?.podIP ?? t('object.noAddress')),
        strip('pod-volume', frame.y + 280, volumes.length > 0 ? cutTo(volumes.join(', '), 320) : t('object.noVolume')),
      ],
      wires: [
        ...wires,
        wireDown(kubelet, 119),
        {
          from: kubelet.id,
          to: containerd.id,
          points: [
            [119, kubelet.y + kubelet.height],
            [119, containerd.y],
          ],
        },
      ],
      lines: [
        [
          [containerd.x + containerd.width, containerd.y + 36],
          [frame.x, containerd.y + 36],
        ],
      ],
      words: [
        { x: 24, y: ground + 38, text: node ?? t('object.noNode'), look: node ? 'name' : 'note' },
        ...containers.map(({ x, y }, index) => ({
          x: x + 24,
          y: y + 84,
          text: t('object.restarts', { count: restartsOf(shown, spec?.containers?.[index]?.name) }),
          look: 'note' as const,
        })),
      ],
      of: uidsOf(shown),
    }
  },
}
