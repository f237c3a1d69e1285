// Brings kubectl versions side by side, installing nothing, so that tests can hold the practice cluster against each of them.

import { execFile } from 'node:child_process'
import { access, chmod, copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface Kubectl {
  /** Without the leading v: `1.36.4`. */
  version: string
  path: string
}

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../.cache/kubectl/', import.meta.url))
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Debian's suites and the package that holds kubectl in each: the oldest, the middle and the newest of our matrix. */
const debian: readonly { suite: string; name: string }[] = [
  { suite: 'bookworm', name: 'kubernetes-client' },
  { suite: 'trixie', name: 'kubectl' },
  { suite: 'sid', name: 'kubectl' },
]

const say = (text: string) => process.stderr.write(`kubectls: ${text}\n`)
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Every kubectl at hand, oldest first: Debian's, brought into .cache once, and each `kubectl.1.NN` beside a kubectl on PATH. */
export async function kubectls(): Promise<Kubectl[]> {
  const paths = [...(await fromDebian()), ...(await fromPath())]
  const found = new Map<string, Kubectl>()
  for (const path of paths) {
    const version = await versionOf(path)
    if (version && !found.has(version)) found.set(version, { version, path })
  }
  return [...found.values()].sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ['version', '--client', '--output=json'])
    const { clientVersion } = JSON.parse(stdout) as { clientVersion: { gitVersion: string } }
    return /^v?(\d+\.\d+\.\d+)/.exec(clientVersion.gitVersion)?.[1]
  } catch (error) {
    say(`${path} does not tell its version: ${message(error)}`)
    return undefined
  }
}

async function fromPath(): Promise<string[]> {
  const found = new Set<string>()
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const kubectl = join(folder, 'kubectl')
    if (!(await exists(kubectl))) continue
    const beside = dirname(await realpath(kubectl))
    const versions = (await readdir(beside)).filter(name => /^kubectl\.\d+\.\d+$/.test(name))
    for (const name of versions.length > 0 ? versions : ['kubectl']) found.add(join(beside, name))
  }
  return [...found]
}

async function fromDebian(): Promise<string[]> {
  const found: string[] = []
  let mirror: string | undefined
  for (const source of debian) {
    const note = join(cache, `${source.suite}.version`)
    const version = await readFile(note, 'utf8').catch(() => undefined)
    const path = version && join(cache, version, 'kubectl')
    if (path && (await exists(path))) {
      found.push(path)
      continue
    }
    mirror ??= await mirrorInUse()
    if (!mirror) return found
    try {
      found.push(await bring(source, mirror))
    } catch (error) {
      say(`Debian ${source.suite} gives no kubectl now: ${message(error)}`)
    }
  }
  return found
}

/** The Debian archive that this machine's apt reads, or undefined where there is none. */
async function mirrorInUse(): Promise<string | undefined> {
  try {
    const { stdout } = await run('apt-get', [
      'indextargets',
      '--format',
      '$(REPO_URI)',
      'Created-By: Packages',
      'Label: Debian',
      'Component: main',
    ])
    return stdout.split('\n').find(Boolean)
  } catch {
    return undefined // not a Debian: the versions on PATH are what is at hand
  }
}

/** Downloads and unpacks one package with an apt of its own state, so that the system's sources and lists stay as they are. */
async function bring({ suite, name }: { suite: string; name: string }, mirror: string): Promise<string> {
  say(`fetching ${name} of Debian ${suite} from ${mirror}`)
  await mkdir(cache, { recursive: true })
  const home = await mkdtemp(join(cache, `.${suite}-`))
  try {
    for (const folder of ['state/lists/partial', 'cache/archives/partial', 'parts', 'out']) {
      await mkdir(join(home, folder), { recursive: true })
    }
    const signed = (await exists(keyring)) ? `[signed-by=${keyring}] ` : ''
    await writeFile(join(home, 'sources.list'), `deb ${signed}${mirror} ${suite} main\n`)
    await writeFile(join(home, 'status'), '')
    const options = {
      'Dir::State': join(home, 'state'),
      'Dir::State::status': join(home, 'status'),
      'Dir::Cache': join(home, 'cache'),
      'Dir::Etc::SourceList': join(home, 'sources.list'),
      'Dir::Etc::SourceParts': join(home, 'parts'),
      'Acquire::Languages': 'none',
      'Acquire::http::Timeout': '20',
      'APT::Sandbox::User': '', // the cache folder need not be open to the user _apt
    }
    const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`])
    await run('apt-get', [...flags, '-q', '--error-on=any', 'update'], { cwd: home })
    await run('apt-get', [...flags, '-q', 'download', name], { cwd: home })
    const archive = (await readdir(home)).find(file => file.endsWith('.deb'))
    if (!archive) throw new Error(`apt-get download left no package ${name}`)
    await run('dpkg-deb', ['--extract', archive, 'out'], { cwd: home })
    const binary = join(home, 'out/usr/bin/kubectl')
    const version = await versionOf(binary)
    if (!version) throw new Error(`${archive} holds no kubectl that runs here`)
    const target = join(cache, version, 'kubectl')
    await mkdir(dirname(target), { recursive: true })
    const moving = `${target}.${process.pid}`
    await copyFile(binary, moving)
    await chmod(moving, 0o755)
    await rename(moving, target)
    await writeFile(join(cache, `${suite}.version`), version)
    say(`kubectl ${version} is at ${target}`)
    return target
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message.trim() : String(error))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { version, path } of await kubectls()) process.stdout.write(`${version}\t${path}\n`)
}
