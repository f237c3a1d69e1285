// Copies what is still needed of the bundle to where only root writes, and verifies the copies.

import { archiveName, type Bundle, type Job } from '../job.ts'
import { installed } from '../look.ts'
import type { Machine } from '../machine.ts'
import { sideloadFolder, stageFolder } from '../places.ts'
import type { Command, Finding, Step } from '../step.ts'
import { missingBase } from './base.ts'
import { isToRenew } from './renew.ts'

interface StagedFile {
  path: string
  as: string
  size?: number
  digest?: string
}

/** Pure: the files of these snaps, and of the images where they are wanted, under the names that the verbs know. */
export const filesToStage = (bundle: Bundle, wanted: ReadonlySet<string>): StagedFile[] =>
  bundle.snaps
    .filter(({ name }) => wanted.has(name))
    .flatMap(({ name, path, size, digest, signed }): StagedFile[] => [
      { path, as: `${name}.snap`, size, digest },
      ...(signed ? [{ path: signed.assertions, as: `${name}.assert` }] : []),
    ])
    .concat(bundle.archive && wanted.has('images') ? [{ ...pick(bundle.archive), as: 'images.tar' }] : [])

const pick = ({ path, size, digest }: { path: string; size: number; digest: string }) => ({ path, size, digest })

/** Tells one bundle from another: what an interrupted run has staged may be of a bundle that was mended since. */
const printOf = ({ as, digest = '' }: StagedFile): string => `${as}:${digest.slice(-12)}`

/** Whether the archive of images has not been given to MicroK8s yet. */
export const needsImages = async (machine: Machine, { bundle }: Job): Promise<boolean> => {
  if (bundle?.archive === undefined) return false
  const path = `${sideloadFolder}/${archiveName(bundle.archive)}.tar`
  return (await machine.info(path)) === undefined && (await machine.info(`${path}.loaded`)) === undefined
}

export const bundle: Step = {
  id: 'bundle',
  seconds: 20,
  inspect: async (machine, job): Promise<Finding> => {
    const microk8s = await installed(machine, 'microk8s')
    if (microk8s.state === 'silent') return { state: 'blocked', reason: 'snapd-silent' }
    const base = await missingBase(machine, job)
    const isWanted = microk8s.state === 'absent' || (await isToRenew(machine, job))
    const wanted = new Set<string>([...base, ...(isWanted ? ['microk8s'] : [])])
    if (job.bundle === undefined) {
      if (wanted.size === 0) return { state: 'done', note: 'bundle-not-needed' }
      if (job.online) return { state: 'done', note: 'bundle-from-store', facts: { channel: job.channel } }
      return { state: 'blocked', reason: 'no-bundle', facts: { wanted: [...wanted].join(', ') } }
    }
    if (await needsImages(machine, job)) wanted.add('images')
    if (wanted.size === 0) return { state: 'done', note: 'bundle-not-needed' }
    const files = filesToStage(job.bundle, wanted)
    const prints = files.map(printOf)
    if (prints.every(print => job.made.has(`bundle-staged ${print}`)))
      return { state: 'done', note: 'bundle-staged', facts: { path: stageFolder } }
    const command: Command = {
      as: 'root',
      request: { verb: 'bundle-stage', from: job.bundle.folder, files },
      why: 'bundle',
      touches: [stageFolder],
      change: {
        what: 'bundle-staged',
        facts: { path: stageFolder, files: files.length, print: prints.join(' ') },
        before: 'absent',
        after: files.map(({ as }) => as).join(' '),
        undo: [{ as: 'root', request: { verb: 'bundle-unstage' } }],
        temporary: true,
      },
    }
    return { state: 'needed', commands: [command] }
  },
}
