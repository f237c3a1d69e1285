// What can show a page on this machine: a browser, or Electron's own window.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from './kubectl.ts'

const browsers = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'firefox',
  'microsoft-edge',
  'brave-browser',
]

/** Whether a window could appear at all. */
export const hasDisplay = (env: NodeJS.ProcessEnv = process.env): boolean => Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)

/** A browser's path; the desktop's own choice first. */
export const findBrowser = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  ['xdg-open', ...browsers].map(name => findProgram(name, env)).find(path => path !== undefined)

/** Electron's program, in a package or in a checkout; undefined where its binary was never fetched. */
export const findElectron = (root: string): string | undefined => {
  const packed = join(root, '../../kubernetes-hello-world')
  if (/\/app\.asar(\.unpacked)?$/.test(root)) return existsSync(packed) ? packed : undefined
  const named = join(root, 'node_modules/electron/path.txt')
  if (!existsSync(named)) return undefined
  const path = join(root, 'node_modules/electron/dist', readFileSync(named, 'utf8').trim())
  return existsSync(path) ? path : undefined
}

/** Opens a page and does not wait for it; false where there is no display, no browser, or it does not start. */
export const openBrowser = (url: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> => {
  const browser = hasDisplay(env) ? findBrowser(env) : undefined
  if (browser === undefined) return Promise.resolve(false)
  return new Promise(resolve => {
    const child = spawn(browser, [url], { detached: true, stdio: 'ignore', env })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
