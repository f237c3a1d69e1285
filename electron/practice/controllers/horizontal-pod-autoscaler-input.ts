// What an autoscaler looks at, and what it remembers between two looks.

import type { PodSample } from '../metrics.ts'
import type { HorizontalPodAutoscalerObject } from '../resources/horizontal-pod-autoscaler.ts'
import type { Pod } from './kinds.ts'

/** A wish for so many Pods, at a time. */
export interface Recommendation {
  replicas: number
  at: number
}

/** So many Pods more, or fewer, at a time. */
export interface ScaleEvent {
  change: number
  at: number
}

export interface AutoscalerMemory {
  recommendations: readonly Recommendation[]
  up: readonly ScaleEvent[]
  down: readonly ScaleEvent[]
}

/** The `scale` of the target; an error's words where it cannot be had. */
export type TargetScale = { replicas: number; hasSelector: boolean } | { error: string }

export interface AutoscalerInput {
  autoscaler: HorizontalPodAutoscalerObject
  scale: TargetScale
  /** Those that the target selects. */
  pods: readonly Pod[]
  /** By the Pod's name. */
  samples: Readonly<Record<string, PodSample>>
  memory: AutoscalerMemory
  now: number
}

export const emptyMemory: AutoscalerMemory = { recommendations: [], up: [], down: [] }

/** Thousandths, rounded up as Quantity.MilliValue does. */
export const milliOf = (value: number): number => Math.ceil(Number((value * 1000).toFixed(6)))
