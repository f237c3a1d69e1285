// Brings a container's image to its node, with the Events and back-off of a kubelet.

import type { Container } from 'kubernetes-types/core/v1.js'
import type { Clock } from '../../platform/clock.ts'
import { createBackOff, goDuration } from './back-off.ts'
import type { PulledImage, Runtime } from './runtime.ts'

// Models kubernetes/pkg/kubelet/images/image_manager.go
/** Between a failed pull and the kubelet's next look at the Pod, when the state turns to ImagePullBackOff. */
const NEXT_LOOK_MS = 10_000

export interface ImagePull {
  runtime: Runtime
  clock: Clock
  random: () => number
  node: string
  container: Container
  record(type: 'Normal' | 'Warning', reason: string, message: string): void
  /** The container waits, for this reason. */
  waiting(reason: string, message: string): void
}

const policyOf = ({ imagePullPolicy, image = '' }: Container): string => {
  if (imagePullPolicy) return imagePullPolicy
  return /:[^/]+$/.test(image) && !image.endsWith(':latest') ? 'IfNotPresent' : 'Always'
}

/** Settles with the image, however long that takes; rejects only when the signal fires. */
export const ensureImage = async (pull: ImagePull, signal: AbortSignal): Promise<PulledImage> => {
  const { runtime, clock, node, container, record, waiting } = pull
  const image = container.image ?? ''
  const policy = policyOf(container)
  const backOff = createBackOff()
  for (;;) {
    signal.throwIfAborted()
    const present = runtime.image(node, image)
    if (present && policy !== 'Always') {
      record('Normal', 'Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`)
      return present
    }
    if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`
      record('Warning', 'ErrImageNeverPull', message)
      record('Warning', 'Failed', 'Error: ErrImageNeverPull')
      waiting('ErrImageNeverPull', message)
      await clock.sleep(NEXT_LOOK_MS * (1 + pull.random() / 2), signal)
      continue
    }
    const failure = await pullOnce(pull, image, signal)
    if (typeof failure !== 'string') return failure
    await clock.sleep(NEXT_LOOK_MS * (1 + pull.random() / 5), signal)
    record('Normal', 'BackOff', `Back-off pulling image "${image}"`)
    record('Warning', 'Failed', 'Error: ImagePullBackOff')
    waiting('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${failure}`)
    await clock.sleep(backOff.next(), signal)
  }
}

/** The image, or why not. */
const pullOnce = async (
  { runtime, clock, node, record, waiting }: ImagePull,
  image: string,
  signal: AbortSignal,
): Promise<PulledImage | string> => {
  const began = clock.now()
  record('Normal', 'Pulling', `Pulling image "${image}"`)
  try {
    const pulled = await runtime.pull(node, image, signal)
    const took = goDuration(clock.now() - began)
    const size = `Image size: ${pulled.sizeBytes} bytes.`
    record('Normal', 'Pulled', `Successfully pulled image "${image}" in ${took} (${took} including waiting). ${size}`)
    return pulled
  } catch (error) {
    signal.throwIfAborted()
    const { message, code } = error as Error & { code?: string }
    if (code === 'InvalidImageName') {
      record('Warning', 'InspectFailed', `Failed to apply default image tag "${image}": ${message}`)
      record('Warning', 'Failed', 'Error: InvalidImageName')
      waiting('InvalidImageName', `Failed to apply default image tag "${image}": ${message}`)
      return message
    }
    record('Warning', 'Failed', `Failed to pull image "${image}": ${message}`)
    record('Warning', 'Failed', 'Error: ErrImagePull')
    waiting('ErrImagePull', message)
    return message
  }
}
