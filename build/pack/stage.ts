// Lays out what is packed: readable to all, writable to its owner only, whatever this checkout's own modes are.

import { chmodSync, constants, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { verifyBundle } from '../../electron/installer/bundle/index.ts'
import { archOf, filesOf, lockFile } from '../../electron/installer/bundle/lock.ts'
import { readLock } from '../../electron/installer/bundle/verify.ts'
import { root } from '../steps.ts'
import { writeIcons } from './icons.ts'
import { installed, linux, product } from './places.ts'

export interface Stage {
  app: string
  beside: string
  system: string
  icons: string
  /** Compiled programs in it. */
  programs: string[]
  /** In words: whether a bundle is in it. */
  bundle: string
}

const put = (from: string, to: string, mode = 0o644): void => {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { mode: constants.COPYFILE_FICLONE })
  chmodSync(to, mode)
}

const write = (to: string, data: string | Uint8Array, mode = 0o644): void => {
  mkdirSync(dirname(to), { recursive: true })
  writeFileSync(to, data)
  chmodSync(to, mode)
}

/** A whole folder; programs stay programs. */
const putFolder = (from: string, to: string, wants: (path: string) => boolean = () => true): void => {
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !wants(path)) continue
    const isProgram = readFileSync(path).subarray(0, 2).toString('latin1') === '#!' || path.endsWith('.node')
    put(path, join(to, path.slice(from.length)), isProgram ? 0o755 : 0o644)
  }
}

const isWorkshop = (path: string): boolean => /\.map$|\/\.built-from$|\.test\.js$/.test(path)

const stageApp = (folder: string, beside: string): void => {
  const { name, productName, version, description, license, main, dependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, unknown>
  const about = {
    ...{ name, productName, version, description, license, main, dependencies, type: 'module' },
    desktopName: `${product}.desktop`,
    homepage: 'https://kubernetes-hello-world.github.io',
  }
  const text = `${JSON.stringify(about, undefined, 2)}\n`
  write(join(folder, 'package.json'), text)
  // Once more for our own Node: it says that the code beside the archive is made of modules, and where its root is.
  write(join(beside, 'app.asar.unpacked/package.json'), text)
  for (const name of ['electron', 'renderer'])
    putFolder(join(root, 'out', name), join(folder, 'out', name), path => !isWorkshop(path))
  const pty = join(root, 'node_modules/node-pty')
  for (const file of ['package.json', 'LICENSE']) put(join(pty, file), join(folder, 'node_modules/node-pty', file))
  putFolder(join(pty, 'lib'), join(folder, 'node_modules/node-pty/lib'), path => !isWorkshop(path))
  put(join(pty, 'build/Release/pty.node'), join(folder, 'node_modules/node-pty/build/Release/pty.node'), 0o755)
}

/** Beside the archive. */
const stageBeside = (folder: string): void => {
  put(join(root, 'node_modules/node/bin/node'), join(folder, 'node'), 0o755)
  putFolder(join(root, 'manifests'), join(folder, 'manifests'))
  putFolder(join(root, 'resources'), join(folder, 'resources'), path => !/\/resources\/(screenshots|icons)\//.test(path))
  for (const file of [lockFile, 'README.md']) put(join(root, 'snaps', file), join(folder, 'snaps', file))
}

/** @throws Error where a bundle is there and is not what its lock says */
const stageBundle = async (from: string, to: string, lockPlace: string): Promise<string> => {
  const arch = archOf(process.arch)
  if (!existsSync(join(from, lockFile)) || arch === undefined) return 'without a bundle: Setup will need a network, or --bundle'
  const lock = await readLock(from)
  const report = await verifyBundle(from, lock, { arch })
  if (report.state !== 'good') throw new Error(`${from} is not whole (khw bundle verify tells more): ${JSON.stringify(report)}`)
  for (const { path } of filesOf(lock, arch) ?? []) put(join(from, path), join(to, path))
  put(join(from, lockFile), join(to, lockFile))
  // Root's own: what the helper installs without a signature must be named here.
  put(join(from, lockFile), lockPlace)
  return `with the bundle for ${arch}`
}

/** What goes elsewhere than into /opt. */
const stageSystem = (folder: string): void => {
  put(join(linux, 'khw'), join(folder, 'usr/bin/khw'), 0o755)
  const helper = readFileSync(join(root, 'out/electron/setup-helper.cjs'), 'utf8')
  write(join(folder, installed.helper), `#!${installed.node}\n${helper}`, 0o755)
  put(join(linux, 'io.github.kubernetes_hello_world.setup.policy'), join(folder, installed.policy))
  put(join(root, 'LICENSE'), join(folder, `usr/share/doc/${product}/copyright`))
  write(join(folder, `usr/share/doc/${product}/changelog.gz`), gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 }))
}

/** Fills an empty folder. @throws Error for a broken bundle */
export const prepare = async (folder: string, bundleFolder: string): Promise<Stage> => {
  const [app, beside, system, icons] = ['app', 'beside', 'system', 'icons'].map(name => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ]
  stageApp(app, beside)
  stageSystem(system)
  writeIcons(join(root, 'renderer/app/mark.svg'), icons)
  stageBeside(beside)
  const bundle = await stageBundle(bundleFolder, join(beside, 'snaps/bundle'), join(system, installed.lock))
  const programs = [join(beside, 'node'), join(app, 'node_modules/node-pty/build/Release/pty.node')]
  return { app, beside, system, icons, programs, bundle }
}
