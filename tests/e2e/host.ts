// A real host for a test: `khw serve` from the build, with a home of its own, and a page opened on its one-time URL.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { test as base, type Page } from '@playwright/test'

export const root = resolve(import.meta.dirname, '../..')

/** The talk's slides in order, by their ids. */
export const slideIds = readdirSync(join(root, 'resources/slides/zh-CN'))
  .filter(name => name.endsWith('.md'))
  .toSorted()
  .map(name => name.replace(/^\d+-/, '').replace(/\.md$/, ''))

export interface RunningHost {
  url: string
  home: string
  process: ChildProcess
  /** One more one-time URL, for another window. */
  link(): Promise<string>
  /** @param options.keepHome for a host that will be started again in the same home */
  stop(options?: { keepHome?: boolean }): Promise<void>
}

export interface Home {
  home: string
  env: Record<string, string>
}

/** A home in which nothing is set up, so that no test sees the developer's own kubeconfig or settings. */
export const freshHome = (): Home => {
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

export const startHost = async (args: readonly string[] = [], { home, env }: Home = freshHome()): Promise<RunningHost> => {
  const child = spawn(
    process.execPath,
    [
      join(root, 'out/electron/khw.js'),
      '--json',
      'serve',
      '--no-open',
      ...(args.includes('--port') ? [] : ['--port', '0']),
      ...args,
    ],
    {
      env: { ...process.env, LANG: 'zh_CN.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const lines = createInterface({ input: child.stdout })
  const nextUrl = () =>
    new Promise<string>((done, fail) => {
      const end = (code: number | null) => fail(new Error(`khw serve ended with ${code} before it was ready`))
      child.once('exit', end)
      lines.once('line', text => {
        child.off('exit', end)
        done((JSON.parse(text) as { url: string }).url)
      })
    })
  const link = () => {
    const url = nextUrl()
    child.kill('SIGUSR2')
    return url
  }
  const url = await nextUrl()
  const stop: RunningHost['stop'] = async ({ keepHome = false } = {}) => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    }
    if (!keepHome) rmSync(home, { recursive: true, force: true })
  }
  return { url, home, process: child, link, stop }
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
