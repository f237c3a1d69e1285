// What `npm start`, `npm test` and `npm run khw` need before anything of ours can run: words, npm's packages, Node 24, a build.
// Plain JavaScript without packages, because it runs on whatever Node the machine has, in a clone where nothing is installed.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const node24 = join(root, 'node_modules/.bin/node')

/** Our own exit codes: see `khw --help`. */
export const exits = { ok: 0, failed: 1, usage: 2, environment: 3 }

/** `--lang`, else an English locale of the environment, else Chinese: the same rule as in khw. */
export const chooseLanguage = (argv, env = process.env) => {
  const at = argv.indexOf('--lang')
  const asked = at >= 0 ? argv[at + 1] : undefined
  if (asked === 'en' || asked === 'zh-CN') return asked
  return /^en/.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'en' : 'zh-CN'
}

/** The `start` words of cli.json, by key, with `{{facts}}` put in. */
export const loadWords = language => {
  const { start } = JSON.parse(readFileSync(join(root, 'resources/locales', language, 'cli.json'), 'utf8'))
  return (key, facts = {}) => String(start[key]).replace(/\{\{(\w+)\}\}/g, (_, name) => String(facts[name] ?? ''))
}

const readPackages = path => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {})

/** Whether node_modules holds what package-lock.json asks for. */
export const isInstalled = () => {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const found = readPackages(join(root, 'node_modules/.package-lock.json'))
  const missing = Object.entries(wanted).some(
    ([path, { version, optional }]) => path !== '' && !optional && found[path]?.version !== version,
  )
  return !missing && existsSync(node24)
}

/** Runs a program to its end with our own streams; the exit code, 127 where it is not there. */
export const runThrough = (argv, { toStderr = false, env = process.env } = {}) =>
  new Promise(resolve => {
    const [file, ...args] = argv
    const child = spawn(file, args, { cwd: root, env, stdio: ['inherit', toStderr ? 2 : 'inherit', 'inherit'] })
    // Ctrl+C reaches the child by itself, SIGTERM does not; either way its end is ours.
    const passOn = signal => child.kill(signal)
    process.on('SIGINT', () => {})
    process.on('SIGTERM', passOn)
    process.on('SIGHUP', passOn)
    process.on('SIGUSR2', passOn)
    // npm runs us through a shell that passes no signal on: when npm is ended, all we see is another parent.
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
    child.on('error', () => resolve(127))
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? exits.ok : exits.environment)))
  })

const has = program => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** node-pty is compiled when it is installed; a machine without a compiler gets one, or its owner gets the command. */
const compilers = { 'g++': 'g++', make: 'make', python3: 'python3' }

const ensureCompiler = async (say, words) => {
  const missing = Object.keys(compilers).filter(program => !has(program))
  if (missing.length === 0) return true
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing.map(program => compilers[program])]
  const isRoot = process.getuid?.() === 0
  if (!isRoot || !has('apt-get')) {
    say(words('compiler', { missing: missing.join(', '), command: `sudo ${command.join(' ')}` }))
    return false
  }
  say(words('installingCompiler', { missing: missing.join(', ') }))
  const options = { toStderr: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  await runThrough(['apt-get', 'update', '-q'], options)
  return (await runThrough(command, options)) === 0
}

/** Runs one named step and says how long it took. */
export const step = async (say, name, work) => {
  const startedAt = Date.now()
  const result = await work()
  say(`${name}  ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
  return result
}

/**
 * Installs npm's packages where they are missing or not those of package-lock.json.
 * Returns whether all is there now; what went wrong has been said.
 */
export const ensureInstalled = async (say, words, isQuiet = false) => {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20) {
    say(words('oldNode', { version: process.version }))
    return false
  }
  if (isInstalled()) {
    if (!isQuiet) say(words('installedAlready'))
    return true
  }
  if (!has('npm')) {
    say(words('noNpm'))
    return false
  }
  if (!(await ensureCompiler(say, words))) return false
  say(words('installing'))
  // Not `npm ci`: it refuses a lock file made where a registry lacks packages for other systems, though none of them is needed here.
  // The lock file is followed all the same, and not written.
  const startedAt = Date.now()
  const code = await runThrough(['npm', 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel', 'error'], {
    toStderr: true,
  })
  if (code === 0 && isInstalled()) {
    say(`${words('installed')}  ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
    return true
  }
  say(words('installFailed', { code }))
  return false
}

/** Builds what is out of date. Returns whether all is built; what went wrong has been said. */
export const ensureBuilt = async (say, words, { only = [], isQuiet = false } = {}) => {
  const code = await runThrough([node24, join(root, 'build/build.ts'), ...only, ...(isQuiet ? ['--quiet'] : [])], {
    toStderr: true,
  })
  if (code !== 0) say(words('buildFailed'))
  return code === 0
}
