// Opens real shells for the terminal's tests, in a home folder of their own.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTerminalService, type TerminalService } from '../../electron/services/terminal.ts'
import type { TerminalsOptions } from '../../electron/terminal/index.ts'

export const shellFiles = fileURLToPath(new URL('../../resources/shell', import.meta.url))

/** A service, its working folder, and the text that a viewer of one terminal has seen so far. */
export const openService = (change: Partial<TerminalsOptions> & { env?: Record<string, string> } = {}) => {
  const home = mkdtempSync(join(tmpdir(), 'khw-home-'))
  const { env = {}, ...options } = change
  const service: TerminalService = createTerminalService({
    environment: async () => ({ env: { HOME: home, ...env }, cwd: home, cluster: 'practice' }),
    kubectl: async () => null,
    missingKubectl: () => '',
    shellFiles,
    shell: '/bin/bash',
    ...options,
  })
  const end = () => {
    service.closeAll()
    // A hung-up shell may still be writing its history.
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
  return { service, home, end }
}

/** Reads a terminal's output until stopped. */
export const view = (service: TerminalService, id: string) => {
  const abort = new AbortController()
  const seen = { text: '', bytes: 0, replays: 0, exit: undefined as number | undefined }
  const done = (async () => {
    for await (const event of service.output({ id }, { signal: abort.signal })) {
      if (event.type === 'exit') {
        seen.exit = event.code
        continue
      }
      if (event.type === 'replay') {
        seen.replays += 1
        seen.text = ''
      }
      seen.text += Buffer.from(event.bytes).toString()
      seen.bytes += event.bytes.length
    }
  })()
  return { seen, done, stop: () => abort.abort() }
}

/** Waits until something holds, looking every few milliseconds; fails with the words given after ten seconds. */
export const eventually = async (holds: () => boolean, what: () => string = () => 'it never happened') => {
  const end = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > end) throw new Error(what())
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

type Command = { number: number; line: string; exitCode?: number; ms?: number }

/** Types a line as the service does for lessons and waits for its end. */
export const run = async (service: TerminalService, id: string, line: string) => {
  const ended = new Promise<Command>(resolve => {
    const stop = service.onCommand((_, command) => {
      if (command.exitCode === undefined || command.number !== started?.number) return
      stop()
      resolve(command)
    })
  })
  let started: Command | undefined
  started = await service.type(id, line)
  if (started?.exitCode !== undefined) return started
  return ended
}
