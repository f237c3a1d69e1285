import { join } from 'node:path'
import { decideAutoscaler } from '../../../electron/practice/controllers/horizontal-pod-autoscaler-decision.ts'
import type { AutoscalerMemory, TargetScale } from '../../../electron/practice/controllers/horizontal-pod-autoscaler-input.ts'
import type { Pod } from '../../../electron/practice/controllers/kinds.ts'
import type { PodSample } from '../../../electron/practice/metrics.ts'
import { timestamp } from '../../../electron/practice/object.ts'
import type { HorizontalPodAutoscalerObject } from '../../../electron/practice/resources/horizontal-pod-autoscaler.ts'
import { goldenTests, NOW } from '../golden.ts'

/** A Pod in a line: what it uses (cores and bytes), what it requests, how many seconds ago it started. */
interface Line {
  name: string
  cpu?: number
  memory?: number
  sidecar?: number
  request?: string
  age: number
  ready?: boolean
  phase?: string
  deleting?: boolean
}

interface Times {
  recommendations?: { replicas: number; at: string }[]
  up?: { change: number; at: string }[]
  down?: { change: number; at: string }[]
}

const podOf = ({ name, request, sidecar, age, ready = true, phase = 'Running', deleting }: Line): Pod => {
  const started = timestamp(NOW - age * 1000)
  const resources = request ? { requests: { cpu: request } } : {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      resourceVersion: '1',
      creationTimestamp: started,
      ...(deleting && { deletionTimestamp: timestamp(NOW) }),
    },
    spec: { containers: [{ name: 'main', resources }, ...(sidecar ? [{ name: 'sidecar', resources }] : [])] },
    status: {
      phase,
      startTime: started,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastProbeTime: null, lastTransitionTime: started }],
    },
  }
}

const sampleOf = ({ cpu = 0, memory = 0, sidecar }: Line): PodSample => ({
  at: NOW - 3000,
  windowMs: 15_000,
  containers: [{ name: 'main', cpu, memory }, ...(sidecar ? [{ name: 'sidecar', cpu: sidecar, memory: 0 }] : [])],
})

const moments = <T extends { at: string }>(list: readonly T[] = []) => list.map(each => ({ ...each, at: Date.parse(each.at) }))
const written = (list: readonly { at: number }[]) => list.map(each => ({ ...each, at: timestamp(each.at) }))

goldenTests(join(import.meta.dirname, 'golden-autoscaler'), {
  autoscaler: ({
    spec,
    status,
    scale,
    pods,
    memory: given = {},
  }: {
    spec: HorizontalPodAutoscalerObject['spec']
    status?: NonNullable<HorizontalPodAutoscalerObject['status']>
    scale: TargetScale
    pods: Line[]
    memory?: Times
  }) => {
    const { recommendations, up, down } = given
    const before: AutoscalerMemory = { recommendations: moments(recommendations), up: moments(up), down: moments(down) }
    const { memory, ...decision } = decideAutoscaler({
      autoscaler: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'web', namespace: 'default', uid: '1', resourceVersion: '1', creationTimestamp: timestamp(NOW) },
        spec,
        ...(status && { status }),
      },
      scale,
      pods: pods.map(podOf),
      samples: Object.fromEntries(pods.filter(({ cpu }) => cpu !== undefined).map(line => [line.name, sampleOf(line)])),
      memory: before,
      now: NOW,
    })
    const after = { recommendations: written(memory.recommendations), up: written(memory.up), down: written(memory.down) }
    return { ...decision, memory: after }
  },
})
