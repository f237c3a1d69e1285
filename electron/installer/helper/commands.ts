// What each of the helper's verbs does, as data: the plan shows it and the helper does it, from this one list.

import {
  foreignUfwRules,
  forwardUnit,
  forwardUnitFile,
  kubectlLink,
  launchFile,
  microk8s,
  microk8sGroup,
  routeUnit,
  routeUnitFile,
  sideloadFolder,
  snap,
  snapKubectl,
  stageFolder,
  stageParent,
  sysctlFile,
} from '../places.ts'
import { forwardUnitText, launchText, routeUnitText, sysctlText } from './texts.ts'
import type { RootRequest } from './verbs.ts'

/** One thing done to the machine; never a shell string. */
export type Act =
  | {
      type: 'run'
      argv: readonly [string, ...string[]]
      /** It may fail: what it would undo or tell may not be there. */
      mayFail?: true
      /** Its output is a secret, or says nothing: not for the log. */
      quiet?: true
      /** Its exit code is an answer, not a failure. */
      asks?: true
      /** It hands the work to snapd and prints the number of the change. */
      begins?: 'change'
      /** Seconds; then it is killed. */
      patience?: number
    }
  | { type: 'write'; path: string; mode: number; text: string }
  | { type: 'remove'; path: string }
  | { type: 'remove-empty'; path: string }
  | { type: 'copy'; from: string; to: string; size?: number; digest?: string }
  | { type: 'place'; from: string; to: string }
  | { type: 'link'; path: string; target: string }
  | { type: 'unlink'; path: string; target: string }

type Acts = readonly Act[]

const sysctl = '/usr/sbin/sysctl'
const systemctl = '/usr/bin/systemctl'

const run = (...argv: [string, ...string[]]): Act => ({ type: 'run', argv })
const attempt = (...argv: [string, ...string[]]): Act => ({ type: 'run', argv, mayFail: true })
const ask = (...argv: [string, ...string[]]): Act => ({ type: 'run', argv, asks: true, patience: 60 })
const begin = (...argv: [string, ...string[]]): Act => ({ type: 'run', argv, begins: 'change', quiet: true, patience: 600 })

const archivePath = (archive: string): string => `${sideloadFolder}/${archive}.tar`

const bringUnit = (unit: string, path: string, text: string): Acts => [
  { type: 'write', path, mode: 0o644, text },
  run(systemctl, 'daemon-reload'),
  run(systemctl, 'enable', '--now', unit),
]
const takeUnit = (unit: string, path: string): Acts => [
  attempt(systemctl, 'disable', '--now', unit),
  { type: 'remove', path },
  run(systemctl, 'daemon-reload'),
]

/** Folders that `images-place` or `launch-write` may have made before MicroK8s was there, innermost first. */
const earlyFolders = [sideloadFolder, '/var/snap/microk8s/common/etc', '/var/snap/microk8s/common', '/var/snap/microk8s']
const removeEarlyFolders: Acts = earlyFolders.map(path => ({ type: 'remove-empty', path }))

const table: { [V in RootRequest['verb']]: (request: Extract<RootRequest, { verb: V }>) => Acts } = {
  'bundle-stage': ({ from, files }) =>
    files.map(({ path, as, size, digest }) => ({
      type: 'copy',
      from: `${from}/${path}`,
      to: `${stageFolder}/${as}`,
      size,
      digest,
    })),
  'bundle-unstage': () => [
    { type: 'remove', path: stageFolder },
    { type: 'remove-empty', path: stageParent },
  ],
  'forwarding-set': () => [{ type: 'write', path: sysctlFile, mode: 0o644, text: sysctlText }, run(sysctl, '-p', sysctlFile)],
  'forwarding-remove': ({ was }) => [{ type: 'remove', path: sysctlFile }, run(sysctl, '-w', `net.ipv4.ip_forward=${was}`)],
  'forward-set': () => bringUnit(forwardUnit, forwardUnitFile, forwardUnitText),
  'forward-remove': () => takeUnit(forwardUnit, forwardUnitFile),
  'route-set': () => bringUnit(routeUnit, routeUnitFile, routeUnitText),
  'route-remove': () => takeUnit(routeUnit, routeUnitFile),
  'images-place': ({ archive }) => [{ type: 'place', from: `${stageFolder}/images.tar`, to: archivePath(archive) }],
  'images-settle': ({ archive, references }) => [
    // Else the kubelet deletes them when the disk fills, and nobody can fetch them again without a network.
    ...references.map(
      (name): Act => ({
        type: 'run',
        argv: [microk8s, 'ctr', 'images', 'label', name, 'io.cri-containerd.pinned=pinned'],
        quiet: true,
      }),
    ),
    // The images are in containerd now. The empty file stays: it says which archive has been taken.
    { type: 'write', path: `${archivePath(archive)}.loaded`, mode: 0o644, text: '' },
  ],
  'images-remove': ({ archive }) => [
    { type: 'remove', path: archivePath(archive) },
    { type: 'remove', path: `${archivePath(archive)}.loaded` },
    ...removeEarlyFolders,
  ],
  'launch-write': ({ nftables }) => [{ type: 'write', path: launchFile, mode: 0o644, text: launchText(nftables) }],
  'launch-remove': () => [{ type: 'remove', path: launchFile }, ...removeEarlyFolders],
  'snap-ack': ({ snap: name }) => [run(snap, 'ack', `${stageFolder}/${name}.assert`)],
  'snap-install': ({ snap: name, how }) => [
    begin(
      snap,
      'install',
      '--no-wait',
      ...(name === 'microk8s' ? ['--classic'] : []),
      ...(how === 'dangerous' ? ['--dangerous'] : []),
      `${stageFolder}/${name}.snap`,
    ),
  ],
  'snap-fetch': ({ snap: name, channel }) => [
    begin(
      snap,
      'install',
      '--no-wait',
      ...(name === 'microk8s' ? ['--classic'] : []),
      ...(channel === undefined ? [] : [`--channel=${channel}`]),
      name,
    ),
  ],
  'snap-remove': ({ snap: name }) => [begin(snap, 'remove', '--no-wait', '--purge', name)],
  'snap-revert': ({ to }) => [begin(snap, 'revert', '--no-wait', `--revision=${to}`, 'microk8s')],
  'snap-drop': ({ revision }) => [begin(snap, 'remove', '--no-wait', '--purge', `--revision=${revision}`, 'microk8s')],
  'snap-switch': ({ channel }) => [run(snap, 'switch', `--channel=${channel}`, 'microk8s')],
  'snap-hold': () => [run(snap, 'refresh', '--hold', 'microk8s')],
  'snap-unhold': () => [run(snap, 'refresh', '--unhold', 'microk8s')],
  'microk8s-start': () => [run(microk8s, 'start')],
  'microk8s-stop': () => [run(microk8s, 'stop')],
  // Its answer is a secret for an hour: shown to the user, kept out of the log.
  'microk8s-add-node': () => [{ type: 'run', argv: [microk8s, 'add-node', '--token-ttl', '3600'], quiet: true }],
  'microk8s-join': ({ invitation, worker }) => [
    { type: 'run', argv: [microk8s, 'join', invitation, ...(worker ? ['--worker'] : [])], quiet: true },
  ],
  'microk8s-leave': () => [run(microk8s, 'leave')],
  'microk8s-inspect': () => [ask(microk8s, 'inspect')],
  'microk8s-enable': ({ addon }) => [run(microk8s, 'enable', addon)],
  'microk8s-disable': ({ addon }) => [
    run(microk8s, 'disable', addon === 'core/hostpath-storage' ? 'hostpath-storage:destroy-storage' : addon),
  ],
  'kubectl-link': () => [{ type: 'link', path: kubectlLink, target: snapKubectl }],
  'kubectl-unlink': () => [{ type: 'unlink', path: kubectlLink, target: snapKubectl }],
  'group-join': ({ user }) => [run('/usr/sbin/usermod', '--append', '--groups', microk8sGroup, user)],
  // Neither the group nor the membership may be there any more.
  'group-leave': ({ user }) => [attempt('/usr/bin/gpasswd', '--delete', user, microk8sGroup)],
  'residue-remove': ({ group, ufw, apparmor, ipv6 }) => [
    ...(group ? [attempt('/usr/sbin/groupdel', microk8sGroup)] : []),
    ...(ufw ? foreignUfwRules.map(rule => attempt('/usr/sbin/ufw', 'delete', ...rule)) : []),
    ...(apparmor ? [{ type: 'remove', path: '/etc/apparmor.d/cri-containerd.apparmor.d' } as const] : []),
    ...(ipv6 === undefined ? [] : [attempt(sysctl, '-w', `net.ipv6.conf.all.forwarding=${ipv6}`)]),
  ],
  'look-status': () => [ask(microk8s, 'status', '--format', 'short')],
  'look-config': () => [{ ...ask(microk8s, 'config', '--use-loopback'), quiet: true } as Act],
  'look-forward': () => [ask('/usr/sbin/iptables', '-w', '-S', 'FORWARD')],
  'look-images': () => [ask(microk8s, 'ctr', 'image', 'ls', '-q')],
  'look-objects': ({ kind }) => [
    ask(microk8s, 'kubectl', 'get', kind, '--all-namespaces', '-o', 'json', '--cache-dir=/dev/null'),
  ],
  'look-journal': ({ unit }) => [
    ask('/usr/bin/journalctl', '--no-pager', '-n', '40', '-o', 'cat', '-u', `snap.microk8s.daemon-${unit}`),
  ],
}

/** Pure: the same request is always the same commands. */
export const commandsOf = (request: RootRequest): Acts => {
  const make = table[request.verb] as (request: RootRequest) => Acts
  return make(request)
}
