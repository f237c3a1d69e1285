// A real host for a test: `khw serve` from the build, with a home of its own, and a page opened on its one-time URL.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { test as base, type Page } from '@playwright/test'

export const root = resolve(import.meta.dirname, '../..')

export interface RunningHost {
  url: string
  home: string
  process: ChildProcess
  stop(): Promise<void>
}

/** A home in which nothing is set up, so that no test sees the developer's own kubeconfig or settings. */
export const freshHome = (): { home: string; env: Record<string, string> } => {
  const home = mkdtempSync(join(tmpdir(), 'khw-e2e-'))
  const runtime = join(home, 'runtime')
  mkdirSync(runtime, { mode: 0o700 })
  return {
    home,
    env: {
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_DATA_HOME: join(home, 'data'),
      XDG_STATE_HOME: join(home, 'state'),
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_RUNTIME_DIR: runtime,
      KUBECONFIG: join(home, 'none'),
    },
  }
}

export const startHost = async (args: readonly string[] = []): Promise<RunningHost> => {
  const { home, env } = freshHome()
  const child = spawn(
    process.execPath,
    [join(root, 'out/electron/khw.js'), '--json', 'serve', '--no-open', '--port', '0', ...args],
    {
      env: { ...process.env, LANG: 'zh_CN.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = await new Promise<string[]>((done, fail) => {
    createInterface({ input: child.stdout }).once('line', text => done([text]))
    child.once('exit', code => fail(new Error(`khw serve ended with ${code} before it was ready`)))
  })
  const { url } = JSON.parse(line as string) as { url: string }
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    }
    rmSync(home, { recursive: true, force: true })
  }
  return { url, home, process: child, stop }
}

/** Everything that the browser complains about; a test ends by expecting none. */
export const complaints = (page: Page): string[] => {
  const heard: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') heard.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', error => heard.push(`exception: ${error.message}`))
  return heard
}

/** `host` is started for each test and stopped after it; `heard` collects the page's complaints. */
export const test = base.extend<{ host: RunningHost; heard: string[] }>({
  host: async ({ browserName: _browser }, use) => {
    const host = await startHost()
    await use(host)
    await host.stop()
  },
  heard: async ({ page }, use) => {
    await use(complaints(page))
  },
})

/** Where pictures for the README are kept while `KEEP_SCREENSHOTS` is set; else with the other results. */
export const picture = (name: string): string =>
  join(root, process.env.KEEP_SCREENSHOTS ? 'resources/screenshots' : 'test-results/screenshots', `${name}.png`)
