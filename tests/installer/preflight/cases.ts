// The table of the pre-flight: machines as they are met, and what each check must say of them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckResult } from '../../../electron/contract/setup.ts'
import type { Machine } from '../../../electron/installer/machine.ts'
import type { Aim } from '../../../electron/installer/preflight/index.ts'
import type { Table } from '../fake-machine.ts'

const root = join(import.meta.dirname, '../../..')

const routeHead = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'
const defaultLine = 'eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n'
const tcpHead = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const listening = (port: number, uid = 1000) =>
  `   0: 00000000:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 1 1 0 100 0 0 10 0\n`

/** A laptop with Ubuntu and nothing else: every check passes, but for what only root may see. */
const laptop: Record<string, string | object> = {
  '/etc/os-release': 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
  '/dev/kmsg': { kind: 'other' },
  '/sys/module/ip_tables': { kind: 'folder' },
  '/proc/sys/kernel/osrelease': '6.8.0-45-generic\n',
  '/proc/meminfo': 'MemTotal:       16303428 kB\nMemFree:         1000000 kB\n',
  '/proc/cpuinfo': 'processor\t: 0\nmodel\t: x\n\nprocessor\t: 1\nmodel\t: x\n',
  '/proc/net/route': routeHead + defaultLine,
  '/proc/net/tcp': tcpHead + listening(631, 0),
  '/proc/net/tcp6': '',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n',
  '/etc/group': 'root:x:0:\nsudo:x:27:bob,alice\n',
}

const without = (...paths: string[]) => Object.fromEntries(Object.entries(laptop).filter(([path]) => !paths.includes(path)))

const lockText = readFileSync(join(root, 'snaps/bundle.lock.json'), 'utf8')
const sha = (character: string, length: number) => character.repeat(length)
const store = (name: string) => ({
  version: '1',
  size: 3,
  sha3_384: sha('a', 96),
  file: `${name}_1.snap`,
  revision: 1,
  snapId: 'id',
  assertions: `${name}_1.assert`,
})
const resolvedLock = JSON.stringify({
  schema: 1,
  snaps: [{ source: 'store', name: 'core22', channel: 'latest/stable', resolved: { amd64: store('core22'), arm64: null } }],
  images: {
    inSnap: [],
    lessons: [],
    resolved: { amd64: { file: 'images.tar', size: 2, sha256: sha('b', 64), images: [] }, arm64: null },
  },
})
export const fullBundle = {
  '/b/bundle.lock.json': resolvedLock,
  '/b/snaps/core22_1.snap': 'abc',
  '/b/snaps/core22_1.assert': 'words',
  '/b/images/images.tar': 'ab',
}

export interface Case {
  what: string
  id: string
  state: CheckResult['state']
  fix?: CheckResult['fix']
  choice?: CheckResult['choice']
  facts?: CheckResult['facts']
  table?: Table
  change?: Partial<Machine>
  aim?: Aim
}

export const files = (more: Record<string, string | object>): Table => ({ files: { ...laptop, ...more } as Table['files'] })
const space = (free: number, total = 500e9): Partial<Machine> => ({ space: async () => ({ free, total }) })
const snap = (name: string, more: object): Table => ({ ...files({}), snaps: { [name]: { ...more } } })

export const cases: Case[] = [
  { what: 'arm64', id: 'architecture', state: 'pass', facts: { arch: 'arm64' }, change: { arch: 'arm64' } },
  { what: 'riscv', id: 'architecture', state: 'blocker', fix: 'yours', change: { arch: 'riscv64' } },
  { what: '24.04', id: 'ubuntu', state: 'pass', facts: { name: 'Ubuntu 24.04.1 LTS' } },
  { what: '26.04', id: 'ubuntu', state: 'pass', table: files({ '/etc/os-release': 'ID=ubuntu\nVERSION_ID="26.04"\n' }) },
  { what: '20.04', id: 'ubuntu', state: 'blocker', table: files({ '/etc/os-release': "ID=ubuntu\nVERSION_ID='20.04'\n" }) },
  {
    what: 'Debian',
    id: 'ubuntu',
    state: 'warning',
    fix: 'yours',
    table: files({ '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n' }),
  },
  { what: 'no os-release', id: 'ubuntu', state: 'unknown', table: { files: without('/etc/os-release') as Table['files'] } },
  { what: 'v2', id: 'cgroup', state: 'pass' },
  {
    what: 'v1',
    id: 'cgroup',
    state: 'blocker',
    table: {
      files: {
        ...without('/sys/fs/cgroup/cgroup.controllers'),
        '/proc/mounts': 'cgroup /sys/fs/cgroup/memory cgroup rw 0 0\n',
      } as Table['files'],
    },
  },
  {
    what: 'unseen',
    id: 'cgroup',
    state: 'unknown',
    table: { files: without('/sys/fs/cgroup/cgroup.controllers') as Table['files'] },
  },
  { what: 'there', id: 'kmsg', state: 'pass' },
  { what: 'a container', id: 'kmsg', state: 'blocker', table: { files: without('/dev/kmsg') as Table['files'] } },
  { what: 'loaded', id: 'ip-tables', state: 'pass' },
  {
    what: 'a module',
    id: 'ip-tables',
    state: 'pass',
    table: {
      files: {
        ...without('/sys/module/ip_tables'),
        '/lib/modules/6.8.0-45-generic/modules.dep': 'kernel/net/ipv4/netfilter/ip_tables.ko.zst: kernel/x_tables.ko\n',
      } as Table['files'],
    },
  },
  {
    what: 'nftables only',
    id: 'ip-tables',
    state: 'warning',
    fix: 'ours',
    facts: { kernel: '6.8.0-45-generic' },
    table: {
      files: {
        ...without('/sys/module/ip_tables'),
        '/lib/modules/6.8.0-45-generic/modules.dep': 'kernel/nf_tables.ko:\nkernel/not_ip_tables.ko:\n',
      } as Table['files'],
    },
  },
  {
    what: 'no list of modules',
    id: 'ip-tables',
    state: 'unknown',
    table: { files: without('/sys/module/ip_tables') as Table['files'] },
  },
  { what: 'answers', id: 'snapd', state: 'pass', facts: { version: '2.68.3' } },
  { what: 'silent', id: 'snapd', state: 'blocker', table: { ...files({}), snapd: 'silent' } },
  {
    what: 'not seeded',
    id: 'snapd',
    state: 'warning',
    table: { ...files({}), snapd: { '/v2/debug?aspect=seeding': { seeded: false } } },
  },
  { what: '16 GB', id: 'memory', state: 'pass', facts: { total: 16.7 } },
  { what: '2 GB', id: 'memory', state: 'warning', table: files({ '/proc/meminfo': 'MemTotal: 2014000 kB\n' }) },
  { what: '1 GB', id: 'memory', state: 'blocker', table: files({ '/proc/meminfo': 'MemTotal: 1014000 kB\n' }) },
  { what: 'unseen', id: 'memory', state: 'unknown', table: { files: without('/proc/meminfo') as Table['files'] } },
  { what: 'two', id: 'processors', state: 'pass', facts: { count: 2 } },
  { what: 'one', id: 'processors', state: 'warning', table: files({ '/proc/cpuinfo': 'processor : 0\n' }) },
  { what: 'unseen', id: 'processors', state: 'unknown', table: { files: without('/proc/cpuinfo') as Table['files'] } },
  { what: 'plenty', id: 'disk', state: 'pass', facts: { free: 200, percent: 40 }, change: space(200e9) },
  { what: 'tight', id: 'disk', state: 'warning', change: space(12e9, 40e9) },
  { what: 'kubelet would delete images', id: 'disk', state: 'warning', change: space(60e9) },
  { what: 'full', id: 'disk', state: 'blocker', change: space(3e9) },
  { what: 'unseen', id: 'disk', state: 'unknown', change: { space: async () => undefined } },
  { what: 'installed', id: 'staging', state: 'pass', change: space(1) },
  { what: 'AppImage, room', id: 'staging', state: 'pass', table: { ...files({}), env: { APPIMAGE: '/x' } } },
  {
    what: 'AppImage, no room',
    id: 'staging',
    state: 'blocker',
    table: { ...files({}), env: { APPIMAGE: '/x' } },
    change: space(1e8),
  },
  {
    what: 'mounted, no room',
    id: 'staging',
    state: 'blocker',
    aim: { application: '/tmp/.mount_khwAbC/resources' },
    change: space(1e8),
  },
  {
    what: 'AppImage, unseen',
    id: 'staging',
    state: 'unknown',
    table: { ...files({}), env: { APPIMAGE: '/x' } },
    change: { space: async () => undefined },
  },
  { what: 'plain', id: 'hostname', state: 'pass', facts: { hostname: 'desk' } },
  { what: 'with a domain', id: 'hostname', state: 'pass', change: { hostname: 'desk-1.example.org' } },
  {
    what: 'capitals and underscore',
    id: 'hostname',
    state: 'blocker',
    facts: { better: 'alice-s-pc' },
    change: { hostname: "_Alice's_PC" },
  },
  { what: 'nothing usable', id: 'hostname', state: 'blocker', facts: { better: 'ubuntu' }, change: { hostname: '电脑' } },
  { what: 'by eth0', id: 'route', state: 'pass', facts: { device: 'eth0' } },
  { what: 'none', id: 'route', state: 'blocker', fix: 'yours', choice: 'route', table: files({ '/proc/net/route': routeHead }) },
  {
    what: 'none, and Setup is asked to add one',
    id: 'route',
    state: 'warning',
    fix: 'ours',
    choice: 'route',
    facts: { context: 'ours' },
    table: files({ '/proc/net/route': routeHead }),
    aim: { choices: new Set(['route']) },
  },
  {
    what: 'the one that Setup added',
    id: 'route',
    state: 'pass',
    facts: { context: 'ours', device: 'khw0' },
    table: files({ '/proc/net/route': `${routeHead}${defaultLine.replace('eth0', 'khw0')}` }),
  },
  {
    what: 'rejecting IPv6 only',
    id: 'route',
    state: 'blocker',
    choice: 'route',
    table: files({
      '/proc/net/route': routeHead,
      '/proc/net/ipv6_route': `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} ffffffff 1 0 00200200 lo\n`,
    }),
  },
  {
    what: 'IPv6 only',
    id: 'route',
    state: 'warning',
    choice: 'route',
    facts: { device: 'wlan0' },
    table: files({
      '/proc/net/route': routeHead,
      '/proc/net/ipv6_route': `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe80${'0'.repeat(28)} 400 1 0 00000003 wlan0\n`,
    }),
  },
  { what: 'unseen', id: 'route', state: 'unknown', table: { files: without('/proc/net/route') as Table['files'] } },
  {
    what: 'free',
    id: 'subnets',
    state: 'pass',
    table: files({
      '/proc/net/route': `${routeHead}${defaultLine}eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n`,
    }),
  },
  {
    what: 'VPN to 10.0.0.0/8',
    id: 'subnets',
    state: 'warning',
    facts: { route: '10.0.0.0/8', device: 'tun0', subnet: '10.1.0.0/16' },
    table: files({ '/proc/net/route': `${routeHead}${defaultLine}tun0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n` }),
  },
  {
    what: 'a host in the Services’ range',
    id: 'subnets',
    state: 'warning',
    facts: { route: '10.152.183.7/32', subnet: '10.152.183.0/24' },
    table: files({ '/proc/net/route': `${routeHead}eth0\t07B7980A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n` }),
  },
  {
    what: 'Calico’s own',
    id: 'subnets',
    state: 'pass',
    table: files({
      '/proc/net/route': `${routeHead}${defaultLine}cali123\t0502010A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n`,
    }),
  },
  { what: 'unseen', id: 'subnets', state: 'unknown', table: { files: without('/proc/net/route') as Table['files'] } },
  { what: 'free', id: 'ports', state: 'pass' },
  {
    what: 'held by a program of ours',
    id: 'ports',
    state: 'blocker',
    facts: { port: 16443, holder: 'node (77)', user: 'alice' },
    table: {
      ...files({ '/proc/net/tcp': tcpHead + listening(16443) }),
      commands: { 'ss -H -ltnp': { stdout: 'LISTEN 0 511 0.0.0.0:16443 0.0.0.0:* users:(("node",pid=77,fd=18))\n' } },
    },
  },
  {
    what: 'held by root on IPv6, two of them',
    id: 'ports',
    state: 'blocker',
    facts: { port: 10250, ports: '10250, 25000', holder: 'root' },
    table: files({ '/proc/net/tcp6': tcpHead + listening(25000, 0) + listening(10250, 0) }),
  },
  {
    what: 'connected, not listening',
    id: 'ports',
    state: 'pass',
    table: files({ '/proc/net/tcp': (tcpHead + listening(16443)).replace(' 0A ', ' 01 ') }),
  },
  {
    what: 'held by MicroK8s',
    id: 'ports',
    state: 'pass',
    table: { ...files({ '/proc/net/tcp': tcpHead + listening(16443, 0) }), snaps: { microk8s: {} } },
  },
  { what: 'unseen', id: 'ports', state: 'unknown', table: { files: without('/proc/net/tcp') as Table['files'] } },
  { what: 'not root', id: 'forward', state: 'unknown' },
  {
    what: 'a policy alone',
    id: 'forward',
    state: 'pass',
    table: { ...files({}), commands: { 'iptables -S FORWARD': { stdout: '-P FORWARD DROP\n' } } },
  },
  {
    what: 'a rule',
    id: 'forward',
    state: 'warning',
    fix: 'ours',
    facts: { rule: '-A FORWARD -j REJECT --reject-with icmp-host-prohibited' },
    table: {
      ...files({}),
      commands: {
        'iptables -S FORWARD': { stdout: '-P FORWARD ACCEPT\n-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n' },
      },
    },
  },
  { what: 'not there', id: 'ufw', state: 'pass' },
  { what: 'off', id: 'ufw', state: 'pass', table: files({ '/etc/ufw/ufw.conf': '# ENABLED=yes\nENABLED=no\n' }) },
  { what: 'on', id: 'ufw', state: 'warning', fix: 'ours', table: files({ '/etc/ufw/ufw.conf': 'ENABLED=yes\nLOGLEVEL=low\n' }) },
  { what: 'none', id: 'docker', state: 'pass' },
  { what: 'a socket', id: 'docker', state: 'warning', table: files({ '/run/docker.sock': { kind: 'other' } }) },
  { what: 'a snap', id: 'docker', state: 'warning', table: snap('docker', {}) },
  { what: 'none', id: 'other-kubernetes', state: 'pass' },
  {
    what: 'minikube and kind',
    id: 'other-kubernetes',
    state: 'pass',
    table: files({ '/home/alice/.minikube': { kind: 'folder' }, '/usr/local/bin/kind': '' }),
  },
  { what: 'k3s', id: 'other-kubernetes', state: 'blocker', facts: { name: 'k3s' }, table: files({ '/usr/local/bin/k3s': '' }) },
  {
    what: 'kubeadm',
    id: 'other-kubernetes',
    state: 'blocker',
    facts: { name: 'kubeadm' },
    table: files({ '/etc/kubernetes/kubelet.conf': '' }),
  },
  { what: 'the snap k8s', id: 'other-kubernetes', state: 'blocker', facts: { name: 'k8s' }, table: snap('k8s', {}) },
  { what: 'none', id: 'residue', state: 'pass' },
  { what: 'empty folders', id: 'residue', state: 'pass', table: files({ '/etc/cni/net.d': { kind: 'folder' } }) },
  {
    what: 'MicroK8s’ own links',
    id: 'residue',
    state: 'pass',
    table: files({ '/var/lib/kubelet': { kind: 'link' }, '/var/lib/kubelet/x': '' }),
  },
  {
    what: 'a full folder',
    id: 'residue',
    state: 'warning',
    facts: { path: '/etc/cni/net.d' },
    table: files({ '/etc/cni/net.d': { kind: 'folder' }, '/etc/cni/net.d/10-flannel.conflist': '{}' }),
  },
  { what: 'none', id: 'microk8s', state: 'pass', facts: { context: 'none' } },
  {
    what: 'running',
    id: 'microk8s',
    state: 'pass',
    facts: { version: 'v1.35.1', revision: '8739', channel: '1.35/stable', context: 'running' },
    table: snap('microk8s', {
      version: 'v1.35.1',
      revision: '8739',
      confinement: 'classic',
      'tracking-channel': '1.35/stable',
      apps: [{ name: 'daemon-kubelite', active: true }],
    }),
  },
  {
    what: 'stopped',
    id: 'microk8s',
    state: 'pass',
    facts: { context: 'stopped', channel: '–' },
    table: snap('microk8s', { version: 'v1.36.0', revision: 'x1', confinement: 'classic' }),
  },
  {
    what: 'old',
    id: 'microk8s',
    state: 'warning',
    fix: 'yours',
    facts: { context: 'old', channels: '1.33/stable, 1.34/stable, 1.35/stable' },
    table: snap('microk8s', { version: 'v1.32.9', revision: '8511', confinement: 'classic' }),
  },
  {
    what: 'one version behind the bundle’s',
    id: 'microk8s',
    state: 'warning',
    fix: 'yours',
    choice: 'renew',
    facts: { context: 'renewable', version: 'v1.34.3', offered: 'v1.35.0' },
    table: snap('microk8s', { version: 'v1.34.3', revision: '8511', confinement: 'classic' }),
    aim: { offered: 'v1.35.0' },
  },
  {
    what: 'one version behind, and Setup is asked to renew it',
    id: 'microk8s',
    state: 'warning',
    fix: 'ours',
    choice: 'renew',
    facts: { context: 'renewing' },
    table: snap('microk8s', { version: 'v1.34.3', revision: '8511', confinement: 'classic' }),
    aim: { offered: 'v1.35.0', choices: new Set(['renew']) },
  },
  {
    what: 'two versions behind the bundle’s, and Setup is asked to renew it',
    id: 'microk8s',
    state: 'warning',
    fix: 'yours',
    facts: { context: 'far', channels: '1.34/stable' },
    table: snap('microk8s', { version: 'v1.33.7', revision: '8400', confinement: 'classic' }),
    aim: { offered: 'v1.35.0', choices: new Set(['renew']) },
  },
  {
    what: 'one version behind and disabled',
    id: 'microk8s',
    state: 'warning',
    fix: 'yours',
    facts: { context: 'old' },
    table: snap('microk8s', { version: 'v1.34.3', revision: '8511', confinement: 'classic', status: 'installed' }),
    aim: { offered: 'v1.35.0' },
  },
  {
    what: 'strict',
    id: 'microk8s',
    state: 'blocker',
    fix: 'yours',
    table: snap('microk8s', { version: 'v1.35.0', revision: '1', confinement: 'strict' }),
  },
  { what: 'in the group', id: 'rights', state: 'pass', facts: { name: 'alice' } },
  { what: 'root', id: 'rights', state: 'pass', table: { files: {}, uid: 0 } },
  {
    what: 'not in the group',
    id: 'rights',
    state: 'warning',
    table: files({ '/etc/group': 'sudo:x:27:alicex\nusers:x:100:alice\n' }),
  },
  { what: 'unseen', id: 'rights', state: 'unknown', table: { files: without('/etc/group') as Table['files'] } },
  { what: 'none', id: 'kubeconfig', state: 'pass', facts: { path: '/home/alice/.kube/config' } },
  { what: 'fine', id: 'kubeconfig', state: 'pass', table: files({ '/home/alice/.kube/config': 'kind: Config\n' }) },
  {
    what: 'broken',
    id: 'kubeconfig',
    state: 'blocker',
    facts: { line: 2 },
    table: files({ '/home/alice/.kube/config': 'kind: Config\nclusters: [}\n' }),
  },
  {
    what: 'closed',
    id: 'kubeconfig',
    state: 'blocker',
    facts: { context: 'closed' },
    table: files({ '/home/alice/.kube/config': { kind: 'file' } }),
  },
  {
    what: 'one of a list broken',
    id: 'kubeconfig',
    state: 'blocker',
    facts: { path: '/k2' },
    table: { ...files({ '/k1': '', '/k2': '- a' }), env: { KUBECONFIG: '/k1:/k2' } },
  },
  { what: 'no folder', id: 'bundle', state: 'warning' },
  {
    what: 'one lies in the home',
    id: 'bundle',
    state: 'warning',
    fix: 'yours',
    facts: { context: 'nearby', folder: '/home/alice/stick' },
    table: files({
      '/home/alice/stick': { kind: 'folder' },
      ...Object.fromEntries(Object.entries(fullBundle).map(([path, text]) => [path.replace('/b/', '/home/alice/stick/'), text])),
    }),
  },
  {
    what: 'not fetched',
    id: 'bundle',
    state: 'warning',
    aim: { bundle: '/b' },
    table: files({ '/b/bundle.lock.json': lockText }),
  },
  { what: 'empty', id: 'bundle', state: 'warning', aim: { bundle: '/b' }, table: files({ '/b/bundle.lock.json': resolvedLock }) },
  { what: 'whole', id: 'bundle', state: 'pass', facts: { files: 3 }, aim: { bundle: '/b' }, table: files(fullBundle) },
  {
    what: 'one short',
    id: 'bundle',
    state: 'blocker',
    facts: { file: 'images/images.tar', count: 1 },
    aim: { bundle: '/b' },
    table: files({ ...fullBundle, '/b/images/images.tar': 'a' }),
  },
  { what: 'no lock', id: 'bundle', state: 'blocker', facts: { file: '/b/bundle.lock.json' }, aim: { bundle: '/b' } },
  { what: 'for another processor', id: 'bundle', state: 'unknown', aim: { bundle: '/b' }, change: { arch: 'riscv64' } },
]
