// Which clusters there are to choose from: practice always, MicroK8s if installed, each context of the user's kubeconfigs.

import type { Target } from '../contract/cluster.ts'
import { AppError, toAppError } from '../contract/errors.ts'
import { type Access, accessOf, type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts'

/** A cluster to choose, and how to get its access; practice's comes from starting it. */
export interface Found {
  target: Target
  access?: Access
}

/** What discovery needs of the machine; read-only. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>
  home: string
  /** A file's text; undefined when there is no such file. */
  read(path: string): Promise<string | undefined>
  /** Asks MicroK8s for its kubeconfig; undefined when MicroK8s is not installed. @throws AppError when it will not answer */
  microk8sConfig(): Promise<string | undefined>
}

export const practiceTarget: Target = { id: 'practice', kind: 'practice', name: 'practice', state: 'stopped' }

/** MicroK8s is one choice, not two: a context of its name in the user's kubeconfig is it, and opens without MicroK8s' own group. */
export const discover = async (machine: Machine): Promise<Found[]> => {
  const contexts = await findContexts(machine)
  const own = contexts.find(({ target, access }) => target.id === 'context:microk8s' && access)
  const microk8s = own
    ? [{ ...own, target: { ...own.target, id: 'microk8s', kind: 'microk8s' as const } }]
    : await findMicrok8s(machine)
  return [{ target: practiceTarget }, ...microk8s, ...contexts.filter(found => found !== own)]
}

const findMicrok8s = async (machine: Machine): Promise<Found[]> => {
  const target: Target = { id: 'microk8s', kind: 'microk8s', name: 'microk8s', state: 'stopped' }
  try {
    const text = await machine.microk8sConfig()
    if (text === undefined) return []
    const access = accessOf(parseKubeconfig(text, 'microk8s config'), 'microk8s config')
    return [{ target: { ...target, server: access.cluster.server }, access }]
  } catch (error) {
    return [{ target: failed(target, error) }]
  }
}

/** The paths kubectl would read, in its order. */
const kubeconfigPaths = ({ env, home }: Machine): string[] =>
  env.KUBECONFIG ? env.KUBECONFIG.split(':').filter(path => path !== '') : [`${home}/.kube/config`]

const findContexts = async (machine: Machine): Promise<Found[]> => {
  const configs: Kubeconfig[] = []
  const broken: Found[] = []
  const paths = kubeconfigPaths(machine)
  for (const path of paths) {
    try {
      const text = await machine.read(path)
      if (text !== undefined) configs.push(parseKubeconfig(text, path))
    } catch (error) {
      const why = error instanceof AppError ? error : new AppError('kubeconfig.broken', { path, message: String(error) })
      broken.push({ target: failed({ id: `context:${path}`, kind: 'context', name: path, state: 'failed' }, why) })
    }
  }
  const merged = mergeKubeconfigs(configs)
  const found = [...merged.contexts.keys()].map((name): Found => {
    const target: Target = { id: `context:${name}`, kind: 'context', name, state: 'stopped' }
    try {
      const access = accessOf(merged, paths.join(':'), name)
      return { target: { ...target, server: access.cluster.server }, access }
    } catch (error) {
      return { target: failed(target, error) }
    }
  })
  return [...found, ...broken]
}

export const failed = (target: Target, error: unknown): Target => ({
  ...target,
  state: 'failed',
  error: toAppError(error).toWire(),
})
