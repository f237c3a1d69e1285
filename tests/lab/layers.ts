// The lab's machines as cached layers: tools to boot with, Debian's userland, and what is baked on it once. Outside of the tree.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ownSuite, sources, suite, unpackPackages } from './debian.ts'
import { run } from './run.ts'

export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kubernetes-hello-world/lab')

const say = (text: string) => process.stderr.write(`lab: ${text}\n`)

let makings = 0

/** A folder in the cache named for what it is made from; made once, whole or not at all. */
export const cached = async (kind: string, recipe: unknown, make: (folder: string) => Promise<void>): Promise<string> => {
  const key = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16)
  const folder = join(cache, `${kind}-${key}`)
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
