// A Chromium without a window, spoken to over a pipe that nobody else can open: for printing pages.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { AppError } from '../contract/errors.ts'
import { makeFolders } from './files.ts'
import { findProgram } from './kubectl.ts'

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'brave-browser']

/** A browser of Chromium's family; undefined where there is none. `KHW_CHROMIUM` names another. */
export const findChromium = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env.KHW_CHROMIUM ? findProgram(env.KHW_CHROMIUM, env) : programs.map(name => findProgram(name, env)).find(Boolean)

export interface BrowserPage {
  /** A method of the DevTools protocol. @throws AppError browser.failed */
  ask(method: string, params?: object): Promise<Record<string, unknown>>
  close(): Promise<void>
}

/** A snap may write only below its own folder, and sees no hidden ones. */
const profileParent = (program: string): string => {
  const real = realpathSync(program)
  const name = /\/snap\/bin\/([a-z-]+)/.exec(program)?.[1] ?? (real.endsWith('/snap') ? 'chromium' : undefined)
  // Ubuntu's chromium-browser is a script that starts the snap.
  const snap = name ?? (program.endsWith('chromium-browser') && findProgram('/snap/bin/chromium') ? 'chromium' : undefined)
  return snap === undefined ? tmpdir() : join(homedir(), 'snap', snap, 'common')
}

const flags = (profile: string): string[] => [
  '--headless=new',
  '--remote-debugging-pipe',
  `--user-data-dir=${profile}`,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-sync',
  '--disable-gpu',
  '--hide-scrollbars',
  // Only root's Chromium has no sandbox; it shows our own page and nothing else.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  'about:blank',
]

const patienceMs = 60_000

/** @throws AppError browser.failed */
export const openPage = async (program: string): Promise<BrowserPage> => {
  const parent = profileParent(program)
  makeFolders(parent)
  const profile = mkdtempSync(join(parent, 'khw-print-'))
  const child = spawn(program, flags(profile), { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] })
  const gone = goneWith(child)
  const send = speak(child, gone)
  const close = async () => {
    await send('Browser.close').catch(() => child.kill('SIGKILL'))
    await gone
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  try {
    const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
    return { ask: (method, params) => send(method, params, String(sessionId)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Settles when the browser has ended, with its last words. */
const goneWith = (child: ChildProcess): Promise<string> => {
  let words = ''
  child.stderr?.setEncoding('utf8')
  child.stderr?.on('data', (chunk: string) => {
    words = (words + chunk).slice(-600)
  })
  return new Promise(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal} ${words.trim()}`))
  })
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>

/** Messages end with a NUL; an answer has its question's id. */
const speak = (child: ChildProcess, gone: Promise<string>): Send => {
  const failed = (reason: string) => new AppError('browser.failed', { program: child.spawnfile, reason: reason.slice(0, 300) })
  const waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>()
  let end: AppError | undefined
  void gone.then(words => {
    end = failed(words)
    for (const { reject } of waiting.values()) reject(end)
  })
  const input = child.stdio[3] as Writable | null
  const output = child.stdio[4] as Readable | null
  input?.on('error', () => {})
  let parts: Buffer[] = []
  output?.on('error', () => {})
  output?.on('data', (chunk: Buffer) => {
    let from = 0
    for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, from)) {
      const { id, result, error } = JSON.parse(Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8'))
      parts = []
      from = at + 1
      const question = waiting.get(id)
      waiting.delete(id)
      if (error) question?.reject(failed(String(error.message)))
      else question?.resolve(result)
    }
    parts.push(chunk.subarray(from))
  })
  let last = 0
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      if (end) return reject(end)
      const id = ++last
      const timer = setTimeout(() => reject(failed(`${method}: no answer in ${patienceMs / 1000} s`)), patienceMs)
      const settle =
        <T>(how: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer)
          how(value)
        }
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
      input?.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
}
