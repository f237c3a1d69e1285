// The lab: a bare Ubuntu-like machine with real systemd, snapd, sudo and polkit, as often and as fast as tests want one.

import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { kubectls } from '../../build/kubectls.ts'
import { root } from '../../build/steps.ts'
import { whyNoDebian } from './debian.ts'
import { cached, tools, userland } from './layers.ts'
import { boot, type Machine, whyNoMachine } from './machine.ts'
import { brought, standIns } from './snaps/pack.ts'

/** Of the user alice, who may use sudo, and of bob, who may not. */
export const password = 'secret'

/** Where the machines have this repository. */
export const repository = '/opt/kubernetes-hello-world'

const network = `[Unit]
Description=A network card with a default route that leads nowhere
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target
After=systemd-sysctl.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/ip link add lab0 type veth peer name lab1
ExecStart=/usr/sbin/ip address add 192.0.2.10/24 dev lab0
ExecStart=/usr/sbin/ip link set lab0 up
ExecStart=/usr/sbin/ip link set lab1 up
ExecStart=/usr/sbin/ip route add default via 192.0.2.1 dev lab0
[Install]
WantedBy=sysinit.target
`

const osRelease = `PRETTY_NAME="Ubuntu 24.04.3 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
VERSION="24.04.3 LTS (Noble Numbat)"
VERSION_CODENAME=noble
ID=ubuntu
ID_LIKE=debian
`

/** Done once, on a machine that writes into the layer. The store is asked once, in vain, for half a minute. */
const bake = `set -e
printf '127.0.0.1 localhost\\n127.0.1.1 lab\\n::1 localhost ip6-localhost\\n' > /etc/hosts
echo lab > /etc/hostname
rm -f /etc/resolv.conf; : > /etc/resolv.conf
snap wait system seed.loaded
snap set system store.access=offline
useradd -m -s /bin/bash -G sudo alice
useradd -m -s /bin/bash bob
printf 'alice:${password}\\nbob:${password}\\n' | chpasswd
printf '%s' "$NETWORK" > /etc/systemd/system/lab-network.service
systemctl enable -q lab-network.service
# Polls of the archive and of the clock have nobody to talk to here.
systemctl mask -q apt-daily.timer apt-daily-upgrade.timer systemd-timesyncd.service snapd.snap-repair.timer
printf '%s' "$OS_RELEASE" > /usr/lib/os-release
rm -rf /var/log/journal /var/cache/snapd/*
`

const baked = async (): Promise<string> => {
  const linux = await userland()
  return cached('baked', { linux, bake, network, osRelease }, async folder => {
    const machine = await boot({ layers: [linux], tools: await tools(), keep: folder })
    try {
      await machine.sh(bake, { env: { NETWORK: network, OS_RELEASE: osRelease } })
      await machine.powerOff()
    } finally {
      await machine.close()
    }
  })
}

/** As Ubuntu's own installer leaves a machine: the snapd snap and the base are there. */
const seeded = async (): Promise<string> => {
  const layers = [await baked(), await userland()]
  const { snapd, core22 } = await standIns()
  const snaps = [snapd, core22].map(file => createHash('sha256').update(readFileSync(file)).digest('hex'))
  return cached('seeded', { layers, snaps }, async folder => {
    const machine = await boot({
      layers,
      tools: await tools(),
      keep: folder,
      binds: [snapd, core22].map(file => [file, `/opt/${basename(file)}`] as const),
    })
    try {
      await machine.sh('for name in snapd core22; do snap install --dangerous /opt/$name.snap; done')
      await machine.powerOff()
    } finally {
      await machine.close()
    }
  })
}

export interface LabOptions {
  /** With the snaps that Ubuntu brings; else there is not one. */
  seeded?: boolean
  /** What it may write in all. */
  size?: string
  /** Without this repository, for what brings its own place. */
  bare?: boolean
  /** Bound into the machine, read-only: from here to there. */
  binds?: readonly (readonly [string, string])[]
}

let frozen: string | undefined
/** What is built, as it was when this process first asked: somebody may build again while we run for an hour. */
const frozenBuild = (): string => {
  if (frozen !== undefined) return frozen
  const { path, rm } = temporaryFolder()
  process.once('exit', rm)
  for (const name of ['electron', 'renderer']) cpSync(join(root, 'out', name), join(path, name), { recursive: true })
  frozen = path
  return path
}

/** Boots a bare machine. Close it. */
export const openMachine = async (options: LabOptions = {}): Promise<Machine> => {
  const kubectl = (await kubectls()).at(-1)
  if (!kubectl) throw new Error('no kubectl at hand')
  return boot({
    layers: [...(options.seeded ? [await seeded()] : []), await baked(), await userland()],
    tools: await tools(),
    // A limit, not a need: preflight looks at the free space.
    size: options.size ?? '24g',
    binds: [
      ...(options.bare
        ? []
        : ([
            [root, repository],
            [frozenBuild(), `${repository}/out`],
          ] as const)),
      [process.execPath, brought.node],
      [kubectl.path, brought.kubectl],
      ['/dev/kmsg', '/dev/kmsg'],
      ...(options.binds ?? []),
    ],
  })
}

/** A folder for what a machine is given, gone with `rm`. */
export const temporaryFolder = (): { path: string; rm(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'khw-lab-'))
  chmodSync(path, 0o755)
  return { path, rm: () => rmSync(path, { recursive: true, force: true }) }
}

let why: Promise<string | undefined> | undefined
/** Why there is no lab on this machine; undefined where there is one. Asked once. */
export const whyNoLab = (): Promise<string | undefined> => {
  why ??= (async () => {
    if (process.env.KHW_LAB === 'off') return 'switched off by KHW_LAB=off'
    const machine = await whyNoMachine()
    if (machine !== undefined) return machine
    const debian = await whyNoDebian()
    if (debian !== undefined) return debian
    return existsSync(join(root, 'out/electron/khw.js')) ? undefined : 'not built: npm run build'
  })()
  return why
}
