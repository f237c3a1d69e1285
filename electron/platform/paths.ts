// Where things are: the user's folders by the XDG rules, and what the application brought along.

import { accessSync, chmodSync, constants, existsSync, lstatSync, mkdtempSync } from 'node:fs'
import { homedir, tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import type { AppError } from '../contract/errors.ts'
import { makeFolders, unwritable } from './files.ts'
import { sweepLeftovers } from './leftovers.ts'

const appFolder = 'kubernetes-hello-world'

/** Each folder exists, is ours and can be written. */
export interface UserFolders {
  config: string
  data: string
  state: string
  /** Private files of this login: sockets, kubeconfigs of running clusters. */
  runtime: string
  /** Folders that could not be used; a temporary one stands in, so nothing in it outlives us. */
  problems: AppError[]
}

const usable = (path: string): string => {
  makeFolders(path)
  accessSync(path, constants.W_OK | constants.X_OK)
  return path
}

/** By environment variable where it holds an absolute path, as the XDG specification asks, else under the home folder. */
const xdg = (env: NodeJS.ProcessEnv, variable: string, home: string, fallback: string): string => {
  const set = env[variable]
  return join(set?.startsWith('/') ? set : join(home, fallback), appFolder)
}

/**
 * Makes the user's folders, or private temporary ones in their place with an AppError `storage.unwritable` for each.
 * @throws AppError storage.unwritable where there is no place for temporary ones either
 */
export const openUserFolders = (env: NodeJS.ProcessEnv = process.env): UserFolders => {
  const home = env.HOME || homedir()
  const problems: AppError[] = []
  let temporary: string | undefined
  const standIn = (name: string): string => {
    try {
      temporary ??= mkdtempSync(join(tmpdir(), 'khw-'))
      return usable(join(temporary, name))
    } catch (error) {
      throw unwritable(tmpdir(), error)
    }
  }
  const folder = (name: string, path: string): string => {
    try {
      return usable(path)
    } catch (error) {
      problems.push(unwritable(path, error))
      return standIn(name)
    }
  }
  return {
    config: folder('config', xdg(env, 'XDG_CONFIG_HOME', home, '.config')),
    data: folder('data', xdg(env, 'XDG_DATA_HOME', home, '.local/share')),
    state: folder('state', xdg(env, 'XDG_STATE_HOME', home, '.local/state')),
    runtime: openRuntimeFolder(env) ?? standIn('runtime'),
    problems,
  }
}

/** Under XDG_RUNTIME_DIR, else a folder of ours in /tmp; undefined where another user has taken that name. */
const openRuntimeFolder = (env: NodeJS.ProcessEnv): string | undefined => {
  const { uid } = userInfo()
  for (const base of [env.XDG_RUNTIME_DIR, join(tmpdir(), `khw-${uid}`)]) {
    if (!base?.startsWith('/')) continue
    try {
      const path = usable(join(base, appFolder))
      // In /tmp anybody could have made the folder, or a link, before us.
      const owner = lstatSync(base)
      if (!owner.isDirectory() || owner.uid !== uid) continue
      chmodSync(path, 0o700)
      sweepLeftovers(path)
      return path
    } catch {
      // Not usable: the next one, and at last a fresh temporary folder.
    }
  }
  return undefined
}

/** What the application brought along. */
export interface AppFolders {
  /** Where package.json is. */
  root: string
  resources: string
  manifests: string
  /** The bundle's lock, and the bundle where one came along. */
  snaps: string
  /** The built page. */
  renderer: string
  /** The built entries: khw.js, practice.js. */
  entries: string
  /** Node for programs that are started by their path: never Electron, which refuses to be one. */
  node: string
}

/**
 * Found from this file upwards, whether it runs from source, from a bundle in out/electron, or from a package.
 * A package has code in Electron's archive or unpacked beside it, and everything else beside both, because Node reads no archives.
 */
export const findAppFolders = (from = import.meta.dirname): AppFolders => {
  let root = from
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root)
  const isPacked = /\/app\.asar(\.unpacked)?$/.test(root)
  const code = root.replace(/app\.asar$/, 'app.asar.unpacked')
  const data = isPacked ? dirname(root) : root
  const checkoutNode = process.versions.electron ? join(root, 'node_modules/node/bin/node') : process.execPath
  return {
    root,
    resources: join(data, 'resources'),
    manifests: join(data, 'manifests'),
    snaps: join(data, 'snaps'),
    renderer: join(code, 'out/renderer'),
    entries: join(code, 'out/electron'),
    node: isPacked ? join(data, 'node') : checkoutNode,
  }
}
