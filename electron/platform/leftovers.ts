// What processes that were killed have left in the runtime folder: private clusters' kubeconfigs and their like.

import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Named for the process that they belong to. */
const pattern = /^(?:clusters|verify|practice)-(\d+)(?:\.kubeconfig)?$/

/** Removes those whose process is gone; one whose number another process has now stays until that is gone too. */
export const sweepLeftovers = (folder: string): void => {
  // Without /proc nobody can tell who lives.
  if (!existsSync('/proc/self')) return
  for (const name of readdirSync(folder)) {
    const pid = pattern.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}
