// The newest kubectl at hand, pointed at a cluster of the harness.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { type Kubectl, kubectls } from '../../../build/kubectls.ts'
import type { Cluster } from './harness.ts'

export const newest: Kubectl | undefined = (await kubectls()).at(-1)
export const minor = Number(newest?.version.split('.')[1] ?? 0)

export interface Outcome {
  code: number
  out: string
  err: string
}

export const kubectlAt = (cluster: Cluster) => {
  const start = (...args: string[]) => {
    const env = { ...process.env, KUBECONFIG: join(cluster.folder, 'config'), HOME: cluster.folder }
    return spawn(newest!.path, args, { env, timeout: 30_000 })
  }
  /** Runs to its end; what is given is typed first. */
  const run = async (args: readonly string[], input = ''): Promise<Outcome> => {
    const child = start(...args)
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
    return { code: code as number, out, err }
  }
  /** What it says, where all goes well. */
  const good = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await run(args)
    expect(code, `${args.join(' ')}\n${out}${err}`).toBe(0)
    return out
  }
  /** Applies what is given. */
  const apply = async (manifest: object): Promise<string> => {
    const { code, out, err } = await run(['apply', '-f', '-'], JSON.stringify(manifest))
    expect(code, err).toBe(0)
    return out
  }
  return { start, run, good, apply }
}
