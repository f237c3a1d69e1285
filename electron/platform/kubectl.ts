// Which kubectl this machine has: the first on PATH, else the one that MicroK8s brings.

import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'

export interface Kubectl {
  path: string
  /** `v1.36.2`. */
  version: string
}

/** Where snapd puts MicroK8s' own kubectl; also outside PATH. */
const microk8sKubectl = '/snap/bin/microk8s.kubectl'

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** A program's path, looked for as a shell does. */
export const findProgram = (name: string, env: NodeJS.ProcessEnv = process.env): string | undefined =>
  (env.PATH ?? '')
    .split(':')
    .filter(folder => folder.startsWith('/'))
    .map(folder => join(folder, name))
    .find(isProgram)

/** Looks again each time for the file, asks a file for its version once. Undefined where there is none that answers. */
export const createKubectlFinder = (env: NodeJS.ProcessEnv = process.env) => {
  const versions = new Map<string, Promise<string | undefined>>()
  const versionOf = (path: string) => {
    const known = versions.get(path)
    if (known) return known
    const asked = askVersion(path, env)
    versions.set(path, asked)
    return asked
  }
  return async (): Promise<Kubectl | undefined> => {
    for (const path of [findProgram('kubectl', env), microk8sKubectl]) {
      if (path === undefined || !isProgram(path)) continue
      const version = await versionOf(path)
      if (version !== undefined) return { path, version }
    }
    return undefined
  }
}

const askVersion = async (path: string, env: NodeJS.ProcessEnv): Promise<string | undefined> => {
  const { code, stdout } = await run([path, 'version', '--client', '--output=json'], { env, timeout: 10_000 })
  if (code !== 0) return undefined
  const found = /"gitVersion":\s*"(v[^"]+)"/.exec(stdout)
  return found?.[1]
}
