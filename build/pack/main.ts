// `npm run pack`: the .deb and the AppImage in out/pack. With --stub without a network, with stand-ins for what only GitHub has.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../steps.ts'
import { configOf } from './config.ts'
import { dependsOn, recommends } from './depends.ts'
import { linux, product } from './places.ts'
import { prepare } from './stage.ts'
import { standIns } from './stub.ts'
import { electronBuilder } from './tools.ts'

const help = `Usage: npm run pack -- [options]

Makes the .deb and the AppImage for this machine's architecture in out/pack, with an offline bundle where there is one in snaps/bundle.

Options:
  --stub           stand-ins for Electron's program, fpm and the AppImage tools: no network, no window in the result
  --only deb       or AppImage
  --bundle FOLDER  instead of snaps/bundle
  --output FOLDER  instead of out/pack`

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>

const wordsOf = (language: string) => {
  const words = readJson(join(root, 'resources/locales', language, 'cli.json')).package as { name: string; comment: string }
  return { name: words.name, comment: words.comment }
}

/** Where `npm start` has already put Electron's program. */
const fetchedElectron = (): string | undefined => {
  const folder = join(root, 'node_modules/electron/dist')
  return existsSync(join(folder, 'electron')) ? folder : undefined
}

const pack = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      stub: { type: 'boolean' },
      only: { type: 'string' },
      bundle: { type: 'string' },
      output: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(help)
  const targets = values.only === undefined ? ['deb', 'AppImage'] : [values.only]
  if (targets.some(target => !['deb', 'AppImage'].includes(target))) throw new Error('--only deb or --only AppImage')
  const startedAt = performance.now()
  process.umask(0o022)
  const builder = electronBuilder()
  const output = resolve(values.output ?? join(root, 'out/pack'))
  const work = join(output, 'work')
  for (const name of ['work', 'linux-unpacked', 'linux-arm64-unpacked'])
    rmSync(join(output, name), { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  const stage = await prepare(join(work, 'stage'), resolve(values.bundle ?? join(root, 'snaps/bundle')))
  const electron = String(readJson(join(root, 'node_modules/electron/package.json')).version)
  const stub = values.stub ? standIns(join(work, 'stub'), electron) : undefined
  const config = configOf({
    version: String(readJson(join(root, 'package.json')).version),
    electron,
    stage,
    linux,
    output,
    depends: dependsOn(stage.programs),
    recommends,
    words: { en: wordsOf('en'), 'zh-CN': wordsOf('zh-CN') },
    electronDist: stub?.electronDist ?? fetchedElectron(),
    compression: stub ? 'zst' : 'gz',
  })
  const file = join(work, 'electron-builder.json')
  writeFileSync(file, JSON.stringify(config, undefined, 2))
  const argv = [builder, '--linux', ...targets, '--publish', 'never', '--projectDir', stage.app, '--config', file]
  const { status } = spawnSync(process.execPath, argv, { env: { ...process.env, ...stub?.env }, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('electron-builder failed; the reason stands above')
  rmSync(work, { recursive: true, force: true })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  for (const name of readdirSync(output).filter(name => name.startsWith(`${product}_`)))
    console.log(`${join(output, name)}  ${(statSync(join(output, name)).size / 1e6).toFixed(0)} MB`)
  console.log(`${stub ? 'stand-in packages' : 'packages'} ${stage.bundle}, ${seconds} s`)
}

try {
  await pack()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
