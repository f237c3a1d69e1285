// Stand-ins for what only GitHub has: Electron's program, fpm, the AppImage tools. With them the packages are made without a network;
// all but the window in them is real.

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Before Electron's fuses in its program; after it their version, their count and one digit each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** As Electron 45 is built: run as Node, NODE_OPTIONS, inspect, file privileges and traps of WebAssembly are on. */
const asBuilt = '101100011'

export interface StandIns {
  electronDist: string
  env: Record<string, string>
}

const program = (path: string, text: string | Uint8Array) => writeFileSync(path, text, { mode: 0o755 })

const writeElectron = (folder: string, version: string): void => {
  for (const name of ['resources', 'locales']) mkdirSync(join(folder, name), { recursive: true })
  const says = '#!/bin/sh\necho "a stand-in for the window: this package was made with --stub" >&2\nexit 3\n'
  program(
    join(folder, 'electron'),
    Buffer.concat([Buffer.from(`${says}${sentinel}`), Buffer.of(1, asBuilt.length), Buffer.from(asBuilt)]),
  )
  for (const name of ['chrome-sandbox', 'chrome_crashpad_handler']) program(join(folder, name), '#!/bin/sh\nexit 3\n')
  for (const name of ['en-US', 'zh-CN', 'de', 'fr']) writeFileSync(join(folder, 'locales', `${name}.pak`), 'stand-in')
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'resources.pak', 'icudtl.dat'])
    writeFileSync(join(folder, name), 'stand-in')
  writeFileSync(join(folder, 'version'), version)
}

const find = (name: string): string => {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
  if (found === '') throw new Error(`${name} is needed for a stand-in package: apt-get install squashfs-tools dpkg`)
  return found
}

const writeAppImageTools = (folder: string): void => {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64'
  for (const name of ['runtimes', `lib/${arch}`]) mkdirSync(join(folder, name), { recursive: true })
  // Fast rather than small.
  program(join(folder, 'mksquashfs'), `#!/bin/sh\nexec ${find('mksquashfs')} "$@" -Xcompression-level 1\n`)
  program(join(folder, 'desktop-file-validate'), '#!/bin/sh\nexit 0\n')
  writeFileSync(join(folder, 'runtimes', `runtime-${arch}`), Buffer.alloc(65_536))
}

/** Fills an empty folder. */
export const standIns = (folder: string, electron: string): StandIns => {
  const electronDist = join(folder, 'electron')
  writeElectron(electronDist, electron)
  const tools = join(folder, 'appimage')
  writeAppImageTools(tools)
  const fpm = join(folder, 'fpm')
  program(fpm, `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, 'fpm.ts')}' "$@"\n`)
  return { electronDist, env: { CUSTOM_FPM_PATH: fpm, APPIMAGE_TOOLS_PATH: tools } }
}
