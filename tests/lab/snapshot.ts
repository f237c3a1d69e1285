// A machine as it stands: files, network rules, snaps, people and units, so that two looks at it can be compared byte for byte.

import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from './machine.ts'

/** Each fact by its name: a path, or `iptables` and a rule, and so on; the value says all that can differ. */
export type Snapshot = ReadonlyMap<string, string>

/** Not of the machine's making, or seen by other means: the kernel's files, what the lab binds, the mounts of snaps. */
const outside = /^\/(proc|sys|dev|run|tmp|opt\/lab|opt\/kubernetes-hello-world|opt\/bundle)$|^\/snap\/[^/]+\/[^/]+$/

/** Read whole; of the rest size, mode, owner and time must do. */
const hashed =
  /^\/(etc|home|root|opt|var|snap|usr\/local|usr\/lib\/(systemd|sysctl\.d|kubernetes-hello-world)|usr\/share\/polkit-1)\//

/**
 * What differs after any use of a machine, whoever used it. Short, and each with its reason.
 */
export const noise: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^\/var\/log\//, 'logs grow'],
  [/^\/var\/lib\/systemd\/(timers|timesync|random-seed|deferred|catalog|linger)/, 'systemd notes when its timers ran'],
  [
    /^\/var\/lib\/snapd\/(state\.json|state\.lock|maintenance\.json|system-key|errtracker\.db|seccomp|apparmor|dbus-1|desktop|cookie|ssl)/,
    "snapd's own books",
  ],
  [
    /^\/var\/lib\/snapd\/(sequence|assertions|cache|snapshots|device|features|mount|inhibit|auto-import|void|save|cgroup|lib|environment|firstboot|kernel|hostfs|backup|interfaces)/,
    "snapd's own books",
  ],
  [
    /^\/var\/lib\/snapd\/snaps\/\.local-install-\d+$/,
    'a copy snapd was making when the power went: it clears such away by itself',
  ],
  [/^\/var\/cache\//, 'caches may be emptied at any time'],
  [/^\/var\/lib\/(sudo|polkit-1)\//, 'sudo notes whom it has lectured'],
  [/^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/, "the last edit's backup, of shadow's own making"],
  [/^\/(root|home\/[^/]+)\/snap$|^\/snap\/bin$/, 'snapd leaves these folders when the last snap goes'],
  [/^\/etc\/systemd\/system\/(snapd\.mounts\.target\.wants|multi-user\.target\.wants\/snapd)/, 'so does it here'],
  [/^\/home\/[^/]+\/\.sudo_as_admin_successful$/, "sudo's note that it once worked"],
  [/^\/home\/[^/]+\/\.local\/(state|share)\/kubernetes-hello-world(\/|$)/, 'our own journal and logs, kept for the user'],
  [
    /^\/home\/[^/]+\/(\.local|\.local\/state|\.local\/share|\.config|\.config\/kubernetes-hello-world)$/,
    'the folders around them',
  ],
  [/^\/var\/tmp\/systemd-private-/, 'named anew at each boot'],
  [
    /^\/var\/snap\/microk8s\/[^/]+\/var\/(kubernetes\/backend|kube-cache)(\/|$)/,
    'a cluster that was there before goes on: its database, and what its own kubectl remembers of it',
  ],
  [/^\/etc\/machine-id$/, 'made at the first boot'],
]

const isNoise = (name: string): boolean => noise.some(([pattern]) => pattern.test(name))

const octal = (mode: number) => (mode & 0o7777).toString(8)

const files = (root: string, into: Map<string, string>): void => {
  const visit = (path: string): void => {
    for (const name of readdirSync(join(root, path))) {
      const inner = `${path}/${name}`
      if (outside.test(inner) || isNoise(inner)) continue
      const full = join(root, inner)
      const stat = lstatSync(full, { throwIfNoEntry: false })
      if (stat === undefined) continue // gone while we looked
      const owner = `${octal(stat.mode)} ${stat.uid}:${stat.gid}`
      if (stat.isSymbolicLink()) into.set(inner, `link ${stat.uid}:${stat.gid} -> ${readlinkSync(full)}`)
      else if (stat.isDirectory()) {
        into.set(inner, `folder ${owner}`)
        visit(inner)
      } else if (!stat.isFile()) into.set(inner, `special ${owner}`)
      else if (hashed.test(inner))
        into.set(inner, `file ${owner} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`)
      else into.set(inner, `file ${owner} ${stat.size} ${stat.mtimeMs}`)
    }
  }
  visit('')
}

/** Tables appear when anybody looks at them; a policy is a fact only where it does not let everything through. */
const rulesOnly = 'sed -E "/^#|^[*]|^COMMIT|^:.* (ACCEPT|-) /d; s/\\[[0-9:]*\\]//"'

/** What only its own programs can tell; each line is a fact. Of a unit whose file is gone systemd keeps nothing beyond this boot. */
const asked: Readonly<Record<string, string>> = {
  iptables: `iptables-save | ${rulesOnly}`,
  ip6tables: `ip6tables-save | ${rulesOnly}`,
  // The rest moves by itself, or cannot be written in a container.
  sysctl:
    'sysctl -a 2>/dev/null | grep -E "^net\\.(ipv4|ipv6)\\.(ip_forward|conf\\.[^.]+\\.(forwarding|mc_forwarding|accept_ra|rp_filter))"',
  link: 'ip -brief link | cut -d" " -f1',
  route: 'ip route',
  snap: 'snap list 2>/dev/null | tail -n +2',
  user: 'getent passwd',
  group: 'getent group',
  // Which units there are and which are enabled is all in files: those of /etc and /usr are compared already, these are not.
  unit: 'find /run/systemd/system /run/systemd/generator* -type f -o -type l',
  service:
    'systemctl list-units --no-legend --no-pager --plain --type=service,timer | grep -v not-found | sed "s/  */ /g" | cut -d" " -f1,3 | grep -vE "^(run-|user@|user-runtime|session|systemd-|polkit|snapd\\.|getty|modprobe|apt|dpkg|fstrim|e2scrub|logrotate|man-db)"',
  failed: 'systemctl list-units --failed --no-legend --no-pager --plain | grep -v not-found | cut -d" " -f1',
}

export const takeSnapshot = async (machine: Machine): Promise<Snapshot> => {
  const facts = new Map<string, string>()
  files(machine.root(), facts)
  const script = Object.entries(asked).map(([name, line]) => `{ ${line}; } | sed "s/^/${name}\\t/"`)
  for (const line of (await machine.sh(`${script.join('\n')}\ntrue`)).split('\n').filter(Boolean)) facts.set(line, '')
  return facts
}

/** Lines that begin with `+` (new), `-` (gone) or `~` (changed); empty where nothing differs but noise. */
export const difference = (before: Snapshot, after: Snapshot): string[] => {
  const lines: string[] = []
  for (const [name, value] of before) {
    const now = after.get(name)
    if (now === undefined) lines.push(`- ${name} ${value}`.trimEnd())
    else if (now !== value) lines.push(`~ ${name}: ${value} => ${now}`)
  }
  for (const [name, value] of after) if (!before.has(name)) lines.push(`+ ${name} ${value}`.trimEnd())
  return lines.sort()
}
