// Which kubeconfig files kubectl reads, and which of them it writes new entries to. Pure.
// Models kubernetes/staging/src/k8s.io/client-go/tools/clientcmd/config.go

import { isAbsolute, join, resolve } from 'node:path'

/** In the order in which they are read: the first to set a name wins. */
export const kubeconfigPaths = (env: Readonly<Record<string, string | undefined>>, home: string, folder = home): string[] => {
  const named = (env.KUBECONFIG ?? '').split(':').filter(path => path !== '')
  if (named.length === 0) return [join(home, '.kube/config')]
  return [...new Set(named.map(path => (isAbsolute(path) ? path : resolve(folder, path))))]
}

/** The first that is there, else the last. */
export const defaultPath = (paths: readonly string[], isThere: (path: string) => boolean): string =>
  paths.find(isThere) ?? (paths.at(-1) as string)
