// Shell integration: what the shell says about its prompts and commands, and what follows from it. Pure.

import type { ShellCommand } from '../contract/terminal.ts'

export type Mark =
  | { type: 'prompt'; number: number }
  | { type: 'typing' }
  | { type: 'line'; line: string }
  | { type: 'start'; at?: number }
  | { type: 'end'; code: number; at?: number }

/** An OSC 133 or 633 payload as a mark; undefined unless it carries this session's nonce. Times are milliseconds. */
export const readMark = (osc: 133 | 633, payload: string, nonce: string): Mark | undefined => {
  const [kind, ...fields] = payload.split(';')
  if (osc === 633) return kind === 'E' && fields[1] === nonce ? { type: 'line', line: plain(fields[0] ?? '') } : undefined
  const named = new Map(fields.map(field => field.split('=', 2) as [string, string | undefined]))
  if (named.get('aid') !== nonce) return undefined
  const seconds = Number(named.get('t'))
  const time = seconds > 0 ? { at: Math.round(seconds * 1000) } : {}
  if (kind === 'A') return { type: 'prompt', number: Number(named.get('k')) }
  if (kind === 'B') return { type: 'typing' }
  if (kind === 'C') return { type: 'start', ...time }
  if (kind === 'D') return { type: 'end', code: Number(fields[0]), ...time }
  return undefined
}

const plain = (line: string): string =>
  line.replace(/\\(\\|x[0-9a-f]{2})/g, (_, code: string) =>
    code === '\\' ? code : String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  )

/** What a session knows of its shell. `silent` is a shell that has not marked anything: one without integration, or too young. */
export interface ShellState {
  phase: 'silent' | 'prompt' | 'running'
  /** The prompt's number, which the command typed at it takes. */
  number: number
  /** Told by the shell just before the command starts. */
  line?: string
  /** The exit code that the newest prompt followed. */
  code: number
  commands: readonly ShellCommand[]
}

export const silentShell: ShellState = { phase: 'silent', number: 0, code: 0, commands: [] }

/** The state after the shell itself has ended: a command that ran in it has ended with it. */
export const followExit = (state: ShellState, code: number, now: number): ShellState => {
  const silent: ShellState = { ...state, phase: 'silent' }
  return state.phase === 'running' ? { ...followMark(state, { type: 'end', code }, now, ''), phase: 'silent' } : silent
}

/** The contract promises no more. */
const kept = 100

/** The state after a mark. `now` serves where the shell has no clock, `seen` (the screen's words) where it kept no line. */
export const followMark = (state: ShellState, mark: Mark, now: number, seen: string): ShellState => {
  if (mark.type === 'line') return { ...state, line: mark.line }
  if (mark.type === 'prompt') return { ...state, number: mark.number }
  if (mark.type === 'typing') return { ...state, phase: 'prompt' }
  if (mark.type === 'start') {
    const command = { number: state.number, line: (state.line ?? seen).trim(), startedAt: mark.at ?? now }
    return { phase: 'running', number: state.number, code: state.code, commands: [...state.commands, command].slice(-kept) }
  }
  const last = state.commands.at(-1)
  if (state.phase !== 'running' || !last) return { ...state, code: mark.code }
  const ended = { ...last, exitCode: mark.code, ms: Math.max(0, (mark.at ?? now) - last.startedAt) }
  return { ...state, code: mark.code, commands: [...state.commands.slice(0, -1), ended] }
}
