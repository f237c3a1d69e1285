// Named steps of the build: each says what it does, how it ended and how long it took.

import { spawn } from 'node:child_process'
import { delimiter, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

export interface Step {
  name: string
  argv: readonly [string, ...string[]]
  env?: Record<string, string>
}

export interface StepResult {
  name: string
  passed: boolean
  seconds: number
}

const environment = { ...process.env, PATH: join(root, 'node_modules/.bin') + delimiter + (process.env.PATH ?? '') }

const run = (step: Step): Promise<boolean> =>
  new Promise((done, fail) => {
    const [command, ...args] = step.argv
    const child = spawn(command, args, {
      cwd: root,
      env: { ...environment, ...step.env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('error', fail)
    child.on('exit', code => done(code === 0))
  })

/** Runs the steps one after the other, all of them, even when one fails. */
export const runSteps = async (steps: readonly Step[]): Promise<StepResult[]> => {
  const results: StepResult[] = []
  for (const step of steps) {
    console.log(`\n== ${step.name}`)
    const start = performance.now()
    const passed = await run(step)
    const seconds = (performance.now() - start) / 1000
    console.log(`== ${step.name}: ${passed ? 'passed' : 'FAILED'}, ${seconds.toFixed(1)} s`)
    results.push({ name: step.name, passed, seconds })
  }
  return results
}
