// Reads what a real Kubernetes answered: commands with their output and exit code, and the waits between them.

import { readFileSync } from 'node:fs'

export interface CommandStep {
  kind: 'command'
  /** Recording and line: `02-deployment:8`. */
  at: string
  command: string
  output: string
  code: number
  /** How long it took then. */
  seconds: number
}

export type Step =
  | CommandStep
  /** `10 pods Ready`, `pods gone`: what the recorder waited for before its next command. */
  | { kind: 'wait'; until: string }

export function readRecording(name: string): Step[] {
  const lines = readFileSync(new URL(`recordings/${name}.txt`, import.meta.url), 'utf8').split('\n')
  const steps: Step[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const until = /^# \(waited [\d.]+ s until (.*)\)$/.exec(line)?.[1]
    if (until) steps.push({ kind: 'wait', until })
    if (!line.startsWith('$ ')) continue
    const output: string[] = []
    const start = at + 1
    // Output without a last newline has the end mark on its own last line.
    for (at++; at < lines.length; at++) {
      const [, text = '', code, seconds] = /^(.*?)# rc=(\d+) ([\d.]+) s$/.exec(lines[at] ?? '') ?? []
      if (code === undefined) {
        output.push(lines[at] ?? '')
        continue
      }
      if (text) output.push(text)
      const [command, all] = [line.slice(2), output.join('\n')]
      steps.push({
        kind: 'command',
        at: `${name}:${start}`,
        command,
        output: all,
        code: Number(code),
        seconds: Number(seconds),
      })
      break
    }
  }
  return steps
}
