// The lab's machines as cached layers: tools to boot with, Debian's userland, and what is baked on it once. Outside of the tree.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ownSuite, sources, suite, unpackPackages } from './debian.ts'
import { run } from './run.ts'

export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kubernetes-hello-world/lab')

const say = (text: string) => process.stderr.write(`lab: ${text}\n`)

/** Others may be at work with other recipes: only what nobody has asked for in a week is superseded. */
const keepMs = 7 * 24 * 3600 * 1000
/** Beside a layer: when it was asked for last. */
const stampOf = (folder: string): string => `${folder}.used`

/** Takes away layers that no recipe of today makes any more, and what killed makers have left half made. */
export const prune = (place: string, now: number): string[] => {
  const isOld = (name: string): boolean => {
    const [, layer, pid] = /^([a-z-]+-[0-9a-f]{16})(?:\.(\d+)-\d+)?$/.exec(name) ?? []
    if (layer === undefined) return false
    if (pid !== undefined) return !existsSync(`/proc/${pid}`)
    const stamp = statSync(stampOf(join(place, layer)), { throwIfNoEntry: false }) ?? statSync(join(place, layer))
    return now - stamp.mtimeMs > keepMs
  }
  const old = readdirSync(place).filter(isOld)
  for (const name of old)
    for (const path of [join(place, name), stampOf(join(place, name))]) rmSync(path, { recursive: true, force: true })
  return old
}

let makings = 0
let isPruned = false

/** A folder in the cache named for what it is made from; made once, whole or not at all. */
export const cached = async (kind: string, recipe: unknown, make: (folder: string) => Promise<void>): Promise<string> => {
  const key = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16)
  const folder = join(cache, `${kind}-${key}`)
  mkdirSync(cache, { recursive: true })
  writeFileSync(stampOf(folder), '')
  if (!isPruned) for (const name of prune(cache, Date.now())) say(`pruned ${name}`)
  isPruned = true
  if (existsSync(folder)) return folder
  const startedAt = performance.now()
  const making = `${folder}.${process.pid}-${++makings}`
  mkdirSync(making, { recursive: true })
  try {
    await make(making)
    if (existsSync(folder)) return folder // somebody else was faster
    renameSync(making, folder)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  say(`made ${kind} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return folder
}

/** What boots a container, unpacked beside the system: nothing is installed. */
export const tools = async (): Promise<string> => {
  const name = ownSuite() ?? 'unknown'
  const packages = ['mmdebstrap', 'systemd-container', 'libsystemd-shared']
  return cached('tools', { name, packages }, folder => unpackPackages(name, packages, folder))
}

const packages = [
  ...['systemd', 'systemd-sysv', 'libpam-systemd', 'dbus', 'udev', 'passwd', 'procps', 'kmod', 'iproute2', 'iptables', 'curl'],
  ...['snapd', 'squashfs-tools', 'squashfuse', 'fuse3', 'sudo', 'polkitd', 'pkexec'],
] as const

/** Debian's userland, as its packages leave it. */
export const userland = (more: readonly string[] = []): Promise<string> =>
  cached('userland', { suite, packages, more }, async folder => {
    const bin = join(await tools(), 'usr/bin')
    const argv = [
      join(bin, 'mmdebstrap'),
      ...['--mode=root', '--variant=minbase', '--aptopt=APT::Install-Recommends "false"'],
      ...['--dpkgopt=path-exclude=/usr/share/doc/*', '--dpkgopt=path-exclude=/usr/share/man/*'],
      `--include=${[...packages, ...more].join(',')}`,
      ...[suite, folder, '-'],
    ] as const
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
    await run(argv, { env, stdin: `${(await sources(suite)).join('\n')}\n`, check: true })
    await run(['rm', '-rf', `${folder}/var/cache/apt`, `${folder}/var/lib/apt/lists`], { check: true })
    await run(['chmod', '755', folder], { check: true })
  })

/** Runs a program of a userland on this machine, with that userland's own loader and libraries. */
export const runOf = async (folder: string, argv: readonly [string, ...string[]]): Promise<void> => {
  const [program, ...args] = argv
  const triple = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const loader = process.arch === 'arm64' ? 'lib/ld-linux-aarch64.so.1' : 'lib64/ld-linux-x86-64.so.2'
  const libraries = join(folder, 'usr/lib', triple)
  await run([join(folder, 'usr', loader), '--library-path', libraries, join(folder, program), ...args], { check: true })
}
