// Bundles on a stick, beside an AppImage and among downloads, on a real file system.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMachine } from '../../electron/installer/index.ts'
import { nearbyBundles } from '../../electron/installer/nearby.ts'
import { fullBundle } from './preflight/cases.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'khw-nearby-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const put = (folder: string, files: Record<string, string> = fullBundle): string => {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path.replace('/b/', ''))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return folder
}
const look = (env: Record<string, string> = {}) => {
  const machine = createMachine()
  return nearbyBundles({ ...machine, arch: 'x64', env, user: { ...machine.user, name: 'nobody-of-this-name', home } })
}

test('beside the AppImage first, then downloads, the desktop by its own name, and the home', async () => {
  mkdirSync(join(home, '.config'))
  writeFileSync(join(home, '.config/user-dirs.dirs'), '# own names\nXDG_DESKTOP_DIR="$HOME/桌面"\n')
  const app = put(join(home, 'apps'))
  const downloads = put(join(home, 'Downloads/khw'))
  const desktop = put(join(home, '桌面/离线包'))
  const inHome = put(join(home, 'bundle'))
  expect(await look({ APPIMAGE: join(home, 'apps/khw.AppImage') })).toEqual([app, downloads, desktop, inHome])
})

test('a disk that never answers ends the search with what it is worth: nothing', async () => {
  put(join(home, 'bundle'))
  const machine = createMachine()
  const stuck = {
    ...machine,
    list: (folder: string) => (folder === '/mnt' ? new Promise<never>(() => {}) : machine.list(folder)),
  }
  const hurried = { now: Date.now, sleep: () => Promise.resolve() }
  expect(await nearbyBundles({ ...stuck, arch: 'x64', user: { ...machine.user, home } }, hurried)).toEqual([])
})

test('none that is not whole, not readable as a lock, hidden, or for another processor', async () => {
  const { '/b/images/images.tar': _, ...short } = fullBundle
  put(join(home, 'short'), short)
  put(join(home, 'cut'), { ...fullBundle, '/b/images/images.tar': 'a' })
  put(join(home, 'broken'), { ...fullBundle, '/b/bundle.lock.json': '{"schema"' })
  put(join(home, 'foreign'), { ...fullBundle, '/b/bundle.lock.json': '{"schema": 1, "snaps": "all"}' })
  put(join(home, '.hidden'))
  mkdirSync(join(home, 'odd/bundle.lock.json'), { recursive: true })
  expect(await look()).toEqual([])
  const machine = createMachine()
  put(join(home, 'whole'))
  expect(await look()).toEqual([join(home, 'whole')])
  expect(await nearbyBundles({ ...machine, arch: 'riscv64', user: { ...machine.user, home } })).toEqual([])
})
