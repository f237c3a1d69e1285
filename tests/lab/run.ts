// Runs a program to its end, as the lab does a hundred times.

import { spawn } from 'node:child_process'

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  stdin?: string
  /** Milliseconds; then it is killed and counts as 137. */
  timeout?: number
  /** Throws, with all that it said, unless it ends with 0. */
  check?: boolean
}

export const run = async (argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Ran> => {
  const [command, ...args] = argv
  const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (text: string) => {
      texts[name] += text
    })
  }
  child.stdin.on('error', () => {}) // it may end without reading
  child.stdin.end(options.stdin ?? '')
  const timer = options.timeout === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.timeout)
  const code = await new Promise<number>((done, fail) => {
    child.once('error', fail)
    child.once('close', (exit, signal) => done(exit ?? (signal === 'SIGKILL' ? 137 : 143)))
  }).finally(() => clearTimeout(timer))
  const ran = { code, ...texts }
  if (options.check && code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}\n${texts.stdout}${texts.stderr}`)
  return ran
}
