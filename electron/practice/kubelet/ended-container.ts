// A container of which only the memory is left: its id and its log.

import { StatusError } from '../status-error.ts'
import { createContainerLog } from './container-log.ts'
import { createMeter } from './load.ts'
import type { Exit, RunningContainer, SavedRun } from './runtime.ts'

/** Stands for a container that had ended when the cluster was saved. */
export const endedContainer = (saved: SavedRun, exit: Exit): RunningContainer => {
  const log = createContainerLog(() => 0, saved.log)
  log.close()
  const refuse = async () => {
    throw new StatusError(500, 'InternalError', 'container is not running')
  }
  return {
    id: saved.id,
    imageId: saved.imageId,
    meter: createMeter({ now: () => 0 }),
    exited: Promise.resolve(exit),
    stop: async () => exit,
    exec: refuse,
    attach: refuse,
    logs: options => log.read(options),
    save: () => saved,
  }
}
