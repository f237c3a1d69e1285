// The container runtime of all nodes: pulls images, starts containers. Nothing runs outside this process.

import type { Clock } from '../../platform/clock.ts'
import { images } from '../images/index.ts'
import { ExecError } from '../images/program.ts'
import { unknownImage } from '../images/unknown.ts'
import type { Network } from '../network/network.ts'
import { randomHex } from '../random.ts'
import { startContainer } from './container.ts'
import { createImageStore, type ImageSource, type SavedImages } from './image-store.ts'
import type { Runtime } from './runtime.ts'

export interface RuntimeOptions {
  network: Network
  clock: Clock
  /** 0 to 1. */
  random(): number
  source?: ImageSource
}

/** A runtime, and what its nodes have pulled. */
export interface ImageRuntime extends Runtime {
  save(): SavedImages
  restore(saved: SavedImages | undefined): void
}

export const createRuntime = ({ network, clock, random, source }: RuntimeOptions): ImageRuntime => {
  const store = createImageStore({
    clock,
    random,
    images,
    unknown: unknownImage,
    ...(source && { source }),
  })
  return {
    image: (node, reference) => store.has(node, reference),
    save: () => store.save(),
    restore: saved => store.restore(saved),
    pull: (node, reference, signal) => store.pull(node, reference, signal),
    start(spec) {
      const { image, base, id } = store.find(spec.image)
      try {
        const own = spec.resume?.id ?? `containerd://${randomHex(random, 64)}`
        return startContainer(spec, { id: own, imageId: id, image, base, network, clock, random })
      } catch (error) {
        if (!(error instanceof ExecError)) throw error
        throw new Error(
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
            `unable to start container process: error during container init: ${error.message}`,
        )
      }
    },
  }
}
