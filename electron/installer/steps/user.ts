// What the user gets: a context in the kubeconfig, a kubectl, and the proof that it all works.

import { realClock } from '../../platform/clock.ts'
import { previewMerge } from '../kubeconfig/index.ts'
import { installed, objects } from '../look.ts'
import type { Machine } from '../machine.ts'
import { kubectlLink, snapKubectl } from '../places.ts'
import type { Command, Finding, Step } from '../step.ts'

const mergeCommand = (machine: Machine): Command => ({
  as: 'user',
  does: { type: 'kubeconfig-merge' },
  why: 'kubeconfig',
  touches: [(machine.env.KUBECONFIG ?? '') === '' ? `${machine.user.home}/.kube/config` : String(machine.env.KUBECONFIG)],
})

export const kubeconfig: Step = {
  id: 'kubeconfig',
  seconds: 1,
  inspect: async (machine): Promise<Finding> => {
    const merge = mergeCommand(machine)
    if ((await installed(machine, 'microk8s')).state === 'absent') return { state: 'needed', commands: [merge] }
    if (!machine.root) {
      // The user's own kubectl reaches the cluster by the context: what is there works.
      const works = (await objects(machine, 'nodes')) !== undefined
      return works ? { state: 'done', note: 'kubeconfig-works' } : { state: 'later', why: 'config-needs-root', likely: [merge] }
    }
    const { code, stdout } = await machine.root({ verb: 'look-config' })
    if (code !== 0) return { state: 'later', why: 'config-needs-microk8s', likely: [merge] }
    const preview = await previewMerge({ env: machine.env, home: machine.user.home, clock: realClock, config: stdout })
    if (preview.state === 'refused')
      return { state: 'blocked', reason: 'kubeconfig', facts: { ...preview.facts, refusal: preview.reason } }
    if (preview.state === 'present') return { state: 'done', note: 'kubeconfig-there', facts: { path: preview.path } }
    return { state: 'needed', commands: [merge] }
  },
}

/** The first on PATH, ours apart; undefined where there is none. */
const otherKubectl = async (machine: Machine): Promise<string | undefined> => {
  const folders = (machine.env.PATH ?? '').split(':').filter(folder => folder.startsWith('/'))
  for (const folder of folders) {
    const path = `${folder}/kubectl`
    if (path !== kubectlLink && (await machine.info(path)) !== undefined) return path
  }
  return undefined
}

export const kubectl: Step = {
  id: 'kubectl',
  seconds: 1,
  inspect: async (machine): Promise<Finding> => {
    const link = await machine.info(kubectlLink)
    if (link?.target === snapKubectl) return { state: 'done', note: 'kubectl-ours', facts: { path: kubectlLink } }
    if (link !== undefined) return { state: 'done', note: 'kubectl-there', facts: { path: kubectlLink } }
    const other = await otherKubectl(machine)
    if (other !== undefined) return { state: 'done', note: 'kubectl-there', facts: { path: other } }
    const command: Command = {
      as: 'root',
      request: { verb: 'kubectl-link' },
      why: 'kubectl',
      touches: [kubectlLink],
      change: {
        what: 'kubectl-linked',
        facts: { path: kubectlLink, target: snapKubectl },
        before: 'absent',
        after: snapKubectl,
        undo: [{ as: 'root', request: { verb: 'kubectl-unlink' } }],
      },
    }
    return { state: 'needed', commands: [command] }
  },
}

/** A Pod of it says hello: of the bundle's own images, as there may be no network. Without a bundle the lessons' own image. */
const helloImage = (references: readonly string[]): string =>
  references.find(name => /(^|\/)busybox:/.test(name)) ?? references.find(name => /openresty/.test(name)) ?? 'busybox:1.28.4'

export const hello: Step = {
  id: 'hello',
  seconds: 15,
  inspect: async (machine, job): Promise<Finding> => {
    const there = (await installed(machine, 'microk8s')).state
    // Made means that it has said hello; only its namespace is still to go.
    if (there === 'installed' && (job.passed.has('hello') || job.made.has('hello-namespace')))
      return { state: 'done', note: 'hello-passed' }
    const image = helloImage(job.bundle?.archive?.references ?? [])
    const command: Command = {
      as: 'user',
      does: { type: 'hello-run', image },
      why: 'hello',
      touches: ['namespace/kubernetes-hello-world-setup'],
      change: {
        what: 'hello-namespace',
        before: 'absent',
        after: 'namespace/kubernetes-hello-world-setup',
        undo: [{ as: 'user', does: { type: 'hello-remove' } }],
        temporary: true,
        goesWith: 'microk8s',
      },
    }
    return { state: 'needed', commands: [command] }
  },
}
