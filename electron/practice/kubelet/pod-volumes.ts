// The volumes of one Pod: set up before anything starts, and brought up to date while it runs.

import type { Volume } from 'kubernetes-types/core/v1.js'
import type { Clock } from '../../platform/clock.ts'
import type { RecordEvent } from '../controllers/controller.ts'
import type { Pod } from '../controllers/kinds.ts'
import { ROOT_CA } from '../controllers/service-account.ts'
import type { FileTree } from '../images/files.ts'
import type { Place } from './fields.ts'
import { createVolume, isMirror, MountError, refreshVolume, type VolumeSources } from './volumes.ts'

/** Between two tries to set up a volume: doubling, as pkg/volume/util/nestedpendingoperations does. */
const MOUNT_FIRST_MS = 500
const MOUNT_LAST_MS = 122_000
const ESSENTIALS_MS = 20
/** What every new Namespace gets a moment later, as volumes that want it call it. */
const essentials = [ROOT_CA, 'serviceaccounts "default"']

export interface PodVolumesOptions {
  /** The Pod as stored last. */
  pod(): Pod
  place: Place
  sources: VolumeSources
  clock: Clock
  record: RecordEvent
}

export interface PodVolumes {
  /** By name, as far as they are set up. */
  readonly trees: ReadonlyMap<string, FileTree>
  /** Settles when all are set up; rejects only when the signal fires. */
  mount(signal: AbortSignal): Promise<void>
  /** Brings mounted ConfigMaps and Secrets up to date. */
  refresh(): void
  /** The disks behind them are those that they were. */
  areSame(): boolean
}

export const createPodVolumes = ({ pod, place, sources, clock, record }: PodVolumesOptions): PodVolumes => {
  const trees = new Map<string, FileTree>()

  const setUp = (volume: Volume): MountError | undefined => {
    try {
      trees.set(volume.name, createVolume(pod(), volume, place, sources))
      return undefined
    } catch (error) {
      if (error instanceof MountError) return error
      throw error
    }
  }

  return {
    trees,
    async mount(signal) {
      for (const volume of pod().spec.volumes ?? []) {
        let wait = MOUNT_FIRST_MS
        for (let problem = setUp(volume); problem; problem = setUp(volume)) {
          // It comes by itself: nothing to report.
          const isNews = !essentials.some(name => problem?.message.includes(name))
          const words = `MountVolume.SetUp failed for volume "${volume.name}" : ${problem.message}`
          if (isNews) record(pod(), 'Warning', 'FailedMount', words)
          await clock.sleep(isNews ? wait : ESSENTIALS_MS, signal)
          wait = Math.min(wait * 2, MOUNT_LAST_MS)
        }
      }
    },
    refresh() {
      for (const volume of pod().spec.volumes ?? []) {
        const tree = trees.get(volume.name)
        try {
          if (tree) refreshVolume(tree, pod(), volume, place, sources)
        } catch (error) {
          // A source that went away leaves the files as they were.
          if (!(error instanceof MountError)) throw error
        }
      }
    },
    areSame: () =>
      (pod().spec.volumes ?? []).every(
        volume => isMirror(volume) || trees.get(volume.name) === createVolume(pod(), volume, place, sources),
      ),
  }
}
