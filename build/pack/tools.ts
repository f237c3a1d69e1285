// electron-builder, installed when somebody packs and not with everything else: it is 240 packages that neither `npm start` nor most of us need.

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tools as folder } from './places.ts'

const here = join(import.meta.dirname, 'tools')

const lockOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** The program's file, for Node. @throws Error where npm cannot install it */
export const electronBuilder = (): string => {
  const program = join(folder, 'node_modules/electron-builder/cli.js')
  const isCurrent = lockOf(join(folder, 'package-lock.json')) === lockOf(join(here, 'package-lock.json'))
  if (isCurrent && existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(here, name), join(folder, name))
  process.stderr.write('installing electron-builder (build/pack/tools/package.json) …\n')
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error']
  const { status } = spawnSync('npm', ['install', ...flags], { cwd: folder, stdio: ['ignore', 2, 2] })
  if (status !== 0 || !existsSync(program)) throw new Error('npm could not install electron-builder; the reason stands above')
  return program
}
