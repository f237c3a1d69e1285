// A person at a machine of the lab with a browser: `khw serve` runs on the machine, and Chromium in the machine's own network.

import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { repository } from './lab.ts'
import type { Machine } from './machine.ts'
import { bundlePlace } from './person.ts'

const port = 8123

export interface Sight {
  page: Page
  close(): Promise<void>
}

/** Starts `khw serve` in a session of alice's, where it stays until the machine goes, and gives its one-time address. */
const serve = async (machine: Machine): Promise<string> => {
  const khw = `${repository}/node_modules/.bin/node ${repository}/out/electron/khw.js --json`
  const line = `${khw} serve --no-open --port ${port} --bundle ${bundlePlace} > /tmp/served 2> /tmp/served.err`
  const ended = machine.run(['sh', '-c', line], { user: 'alice' })
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  for (let tries = 0; tries < 200 && !isOver; tries++) {
    const url = /"url":"([^"]+)"/.exec(await machine.sh('cat /tmp/served 2> /dev/null || true'))?.[1]
    if (url !== undefined) return url
    await new Promise(done => setTimeout(done, 50))
  }
  throw new Error(await machine.sh('cat /tmp/served.err'))
}

/** Chromium with the machine's network and nothing else of it. */
const browserIn = async (machine: Machine, folder: string): Promise<Browser> => {
  const leader = /\/proc\/(\d+)\//.exec(machine.root())?.[1]
  const executablePath = join(folder, 'chromium')
  writeFileSync(executablePath, `#!/bin/sh\nexec nsenter -t ${leader} -n -- /usr/bin/chromium "$@"\n`)
  chmodSync(executablePath, 0o755)
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

export const openSight = async (machine: Machine, folder: string): Promise<Sight> => {
  const url = await serve(machine)
  const browser = await browserIn(machine, folder)
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', colorScheme: 'light' })
  await page.goto(url)
  // The one-time address has been used once the page is there.
  await page.getByRole('button', { name: '启动练习集群' }).waitFor({ timeout: 60_000 })
  return { page, close: () => browser.close() }
}
