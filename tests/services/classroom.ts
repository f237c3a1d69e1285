// A learner's machine without a page: a real practice process, a real shell in a real pty, a real kubectl, and the lessons of this checkout.

import { join, resolve } from 'node:path'
import { createClusters } from '../../electron/cluster/index.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { readText, writeWhole } from '../../electron/platform/files.ts'
import { createKubectlFinder } from '../../electron/platform/kubectl.ts'
import { launch } from '../../electron/platform/launch.ts'
import { createLessonFiles } from '../../electron/services/lesson-files.ts'
import { createLessonRecords } from '../../electron/services/lesson-records.ts'
import { createLessonsService } from '../../electron/services/lessons.ts'
import { createTerminalService } from '../../electron/services/terminal.ts'

/** @param report hears what went wrong where no caller waits */
export const openClassroom = (folder: string, report: (error: unknown) => void) => {
  const clusters = createClusters({
    clock: realClock,
    machine: { env: {}, home: folder, read: readText, microk8sConfig: async () => undefined },
    folder: join(folder, 'private'),
    writePrivate: writeWhole,
    launchPractice: async signal => {
      const process = await launch({ file: 'electron/practice/main.ts', signal })
      return { ...(process.ready as { kubeconfig: string; readyMs: number }), exited: process.exited, stop: process.stop }
    },
  })
  const kubectl = createKubectlFinder()
  const terminal = createTerminalService({
    shellFiles: resolve('resources/shell'),
    shell: '/bin/bash',
    kubectl: async () => (await kubectl()) ?? null,
    missingKubectl: () => 'no kubectl',
    environment: async () => {
      const { current } = clusters.targets()
      // A home of its own: what stands in the developer's .bashrc is no part of the test, and can take a minute.
      const env = current === null ? {} : (await clusters.ready()).env
      return { env: { ...env, HOME: folder }, cwd: folder, cluster: current }
    },
  })
  /** Another life of the service, over the same machine and the same files. */
  const createLessons = () =>
    createLessonsService({
      clusters,
      terminal,
      files: createLessonFiles(resolve('manifests'), join(folder, 'lessons'), [join(folder, 'mine')]),
      records: createLessonRecords(join(folder, 'progress'), realClock, report),
      sentences: (_, key, facts) => `${key} ${JSON.stringify(facts)}`,
      clock: realClock,
      report,
    })
  return { clusters, terminal, createLessons }
}
