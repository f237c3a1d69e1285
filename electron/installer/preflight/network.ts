// The network as the kernel tells anybody: routes, listening ports, and the two subnets that MicroK8s takes.

import type { Machine } from '../machine.ts'
import { routeDevice } from '../places.ts'
import { block, type Check, linesOf, pass, unknown, warn } from './check.ts'

interface Route {
  device: string
  /** As a number, and how many of its bits count. */
  network: number
  bits: number
}

/** Little-endian hexadecimal, as /proc/net/route writes addresses on every machine that MicroK8s runs on. */
const address = (hex: string): number => {
  const bytes = hex.match(/../g) ?? []
  return Number.parseInt(bytes.reverse().join(''), 16)
}

const bitsOf = (mask: number): number => mask.toString(2).replaceAll('0', '').length

const routesOf = async (machine: Machine): Promise<Route[] | undefined> => {
  const [head, ...lines] = await linesOf(machine, '/proc/net/route')
  if (head === undefined) return undefined
  return lines.map(line => {
    const fields = line.trim().split(/\s+/)
    return { device: fields[0] ?? '', network: address(fields[1] ?? '0'), bits: bitsOf(address(fields[7] ?? '0')) }
  })
}

const written = ({ network, bits }: Pick<Route, 'network' | 'bits'>): string =>
  `${[24, 16, 8, 0].map(shift => Math.floor(network / 2 ** shift) % 256).join('.')}/${bits}`

/** The device of the IPv4 default route; undefined where there is none. */
export const defaultDevice = async (machine: Machine): Promise<string | undefined> =>
  (await routesOf(machine))?.find(({ network, bits }) => network === 0 && bits === 0)?.device

/** Without one the API server does not find its own address, and ends. */
export const defaultRoute: Check = {
  id: 'route',
  look: async (machine, { choices }) => {
    if ((await routesOf(machine)) === undefined) return unknown()
    const device = await defaultDevice(machine)
    if (device === routeDevice) return pass({ device, context: 'ours' })
    if (device !== undefined) return pass({ device })
    if (choices?.has('route')) return { ...warn({ context: 'ours' }, 'ours'), choice: 'route' }
    const six = (await linesOf(machine, '/proc/net/ipv6_route')).map(line => line.trim().split(/\s+/))
    // Rejecting routes (0x200) stand on lo. Calico wants IPv4 all the same.
    const other = six.find(
      ([to, bits, , , , , , , flags, device]) =>
        /^0{32}$/.test(to ?? '') && bits === '00' && device !== 'lo' && (Number.parseInt(flags ?? '0', 16) & 0x200) === 0,
    )
    return { ...(other === undefined ? block() : warn({ device: other[9] ?? '' }, 'yours')), choice: 'route' }
  },
}

const taken = [
  { network: 0x0a010000, bits: 16, what: '10.1.0.0/16' },
  { network: 0x0a98b700, bits: 24, what: '10.152.183.0/24' },
] as const

/** Two networks have an address in common where the shorter one's bits are the same. */
export const overlaps = (a: Pick<Route, 'network' | 'bits'>, b: Pick<Route, 'network' | 'bits'>): boolean => {
  const size = 2 ** (32 - Math.min(a.bits, b.bits))
  return Math.floor(a.network / size) === Math.floor(b.network / size)
}

/** Of MicroK8s itself, and of Calico. */
const ownDevice = /^(lo|cali.*|vxlan\.calico|tunl\d+|kube-.*|\*)$/

export const subnets: Check = {
  id: 'subnets',
  look: async machine => {
    const routes = await routesOf(machine)
    if (routes === undefined) return unknown()
    // Default routes, and the halves of one that VPNs use, cover everything and hide nothing more precise.
    const others = routes.filter(({ device, bits }) => bits > 4 && !ownDevice.test(device))
    for (const route of others)
      for (const subnet of taken)
        if (overlaps(route, subnet)) return warn({ route: written(route), device: route.device, subnet: subnet.what }, 'yours')
    return pass()
  },
}

/** Facts: microk8s.io/docs/services-and-ports, without those that became sockets in the file system. */
const portsOfMicrok8s = [16443, 10250, 10257, 10259, 25000, 19001, 10248, 10249, 10256, 1338]

interface Listener {
  port: number
  uid: number
}

/** State 0A is LISTEN. */
export const listeners = (table: readonly string[]): Listener[] =>
  table.slice(1).flatMap(line => {
    const fields = line.trim().split(/\s+/)
    const port = Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16)
    return fields[3] === '0A' && !Number.isNaN(port) ? [{ port, uid: Number(fields[7]) }] : []
  })

const userName = async (machine: Machine, uid: number): Promise<string> =>
  (await linesOf(machine, '/etc/passwd')).find(line => line.split(':')[2] === String(uid))?.split(':')[0] ?? String(uid)

/** Programs of this user are known by name; of others only the user is. */
const programs = async (machine: Machine): Promise<Map<number, string>> => {
  const { code, stdout } = await machine.run(['ss', '-H', '-ltnp'])
  const found = new Map<number, string>()
  if (code !== 0) return found
  for (const line of stdout.split('\n')) {
    const port = /:(\d+)\s+\S+:\*/.exec(line)?.[1]
    const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(line) ?? []
    if (port !== undefined && name !== undefined) found.set(Number(port), `${name} (${pid})`)
  }
  return found
}

export const ports: Check = {
  id: 'ports',
  look: async machine => {
    const [four, six, own] = await Promise.all([
      linesOf(machine, '/proc/net/tcp'),
      linesOf(machine, '/proc/net/tcp6'),
      machine.snapd('/v2/snaps/microk8s'),
    ])
    if (four.length === 0) return unknown()
    // Its own services are the ones that listen there.
    if (own.status === 200) return pass()
    const held = [...listeners(four), ...listeners(six)].filter(({ port }) => portsOfMicrok8s.includes(port))
    const first = portsOfMicrok8s.flatMap(port => held.find(listener => listener.port === port) ?? [])[0]
    if (first === undefined) return pass()
    const [names, user] = await Promise.all([programs(machine), userName(machine, first.uid)])
    const all = [...new Set(held.map(({ port }) => port))].sort((a, b) => a - b).join(', ')
    return block({ port: first.port, ports: all, holder: names.get(first.port) ?? user, user })
  },
}
