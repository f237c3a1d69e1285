// The cluster's network in memory: Pod IPs, listeners, connections, Services and names. No real socket is ever opened.

import type { Duplex } from 'node:stream'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../store.ts'
import { clusterDomain, isIp, resolveName } from './names.ts'
import { isAllowed } from './policies.ts'
import { type DnsAnswer, recordsOf } from './records.ts'
import { type Affinity, chooseEndpoint, routeOf } from './services.ts'
import { type Burst, Wire } from './wire.ts'

export type Connection = Duplex & {
  remoteAddress: string
  remotePort: number
  localAddress: string
  localPort: number
  /** What the request on it stands for; itself where not told. */
  burst?: Burst | undefined
}

export interface Caller {
  /** The Pod's IP; none for the learner's own machine. */
  ip?: string
  /** Whose names come first; `default` for none. */
  namespace?: string
  /** What the request on the connection stands for. */
  burst?: Burst | undefined
}

export interface Network {
  /** A free Pod IP on this node. @throws Error in the words of the host-local plugin when there is none */
  allocate(node: string): string
  release(ip: string): void
  /** @throws Error EADDRINUSE */
  listen(ip: string, port: number, onConnection: (socket: Connection) => void): () => void
  /** @throws Error ECONNREFUSED, ENOTFOUND, EHOSTUNREACH, ETIMEDOUT */
  dial(from: Caller, host: string, port: number): Promise<Connection>
  /** None where the name is unknown. */
  resolve(host: string, namespace: string): string[]
  /** What a name says beside its addresses. */
  records(host: string, namespace: string, type: 'SRV' | 'CNAME'): DnsAnswer | undefined
  /** The full name that answered, for nslookup. */
  fullName(host: string, namespace: string): string
  /** Does this name or IP belong to the cluster, as seen from outside a Pod? */
  has(host: string): boolean
  /** Does this IP answer to ping? */
  answers(ip: string): boolean
  /** Which addresses are given, and whose turn is next. */
  save(): SavedNetwork
  /** Who listens goes on listening. */
  restore(saved: SavedNetwork | undefined): void
  /** Takes a node and its Pods from the network: who calls them waits in vain. */
  unplug(node: string): void
  plug(node: string): void
}

/** The allocations of a network at one moment. */
export interface SavedNetwork {
  /** Numbers of the nodes. */
  nodes: readonly (readonly [string, number])[]
  /** The last host number given, by the node's number. */
  lastHost: readonly (readonly [number, number])[]
  pods: readonly string[]
  unplugged: readonly string[]
}

export interface NetworkOptions {
  store: Store
  clock: Clock
  random?: () => number
}

/** Nobody answers ARP for an unknown neighbour: Linux gives up after three tries, a second each. */
const unreachableAfterMs = 3000
/** Packets to a Service IP that belongs to no Service, or that a policy forbids, are dropped; programs wait far longer, a learner should not. */
const droppedAfterMs = 5000

const failures = {
  ECONNREFUSED: 'Connection refused',
  EHOSTUNREACH: 'No route to host',
  ETIMEDOUT: 'Connection timed out',
  ENOTFOUND: 'Name or service not known',
  EADDRINUSE: 'Address already in use',
}

export const networkError = (code: keyof typeof failures, host: string, port?: number): Error =>
  Object.assign(new Error(`${failures[code]}: ${host}${port === undefined ? '' : `:${port}`}`), { code, address: host, port })

const nodeNumber = (node: string, seen: Map<string, number>): number => {
  const known = seen.get(node)
  if (known !== undefined) return known
  const written = Number(/(\d+)$/.exec(node)?.[1] ?? Number.NaN)
  const taken = new Set(seen.values())
  let number = Number.isInteger(written) && written >= 1 && written <= 250 && !taken.has(written) ? written : 1
  while (taken.has(number)) number++
  seen.set(node, number)
  return number
}

export const createNetwork = ({ store, clock, random = Math.random }: NetworkOptions): Network => {
  let nodes = new Map<string, number>()
  let lastHost = new Map<number, number>()
  let pods = new Set<string>()
  let unplugged = new Set<string>()
  const listeners = new Map<string, (socket: Connection) => void>()
  const affinity: Affinity = { now: () => clock.now(), random, sticky: new Map() }
  let nextPort = 32_768

  const nodeAddresses = () =>
    store.list('nodes').flatMap(node => {
      const status = node.status as { addresses?: { type: string; address: string }[] } | undefined
      return status?.addresses?.filter(address => address.type === 'InternalIP').map(address => address.address) ?? []
    })
  const isNode = (ip: string) =>
    ip.startsWith('10.210.0.') && (nodeAddresses().includes(ip) || [...nodes.values()].some(n => ip === `10.210.0.${n + 1}`))
  const gateway = (ip: string) => (ip.startsWith('10.42.') ? ip.replace(/\d+$/, '1') : '10.210.0.1')

  const connect = (from: string | undefined, ip: string, port: number, burst: Burst | undefined, shown = ip): Connection => {
    const accept = listeners.get(`${ip}:${port}`)
    if (!accept) throw networkError('ECONNREFUSED', ip, port)
    nextPort = nextPort >= 60_999 ? 32_768 : nextPort + 1
    const [near, far] = Wire.pair({ ip: from ?? gateway(ip), port: nextPort }, { ip: shown, port })
    far.burst = burst
    accept(far)
    return near
  }

  /** Is the node of this address, its own or a Pod's, without a connection? */
  const isCutOff = (ip: string): boolean => {
    if (unplugged.size === 0) return false
    const [, range, third = '', last = ''] = /^10\.(42|210)\.(\d+)\.(\d+)$/.exec(ip) ?? []
    const number = range === '42' ? Number(third) + 1 : range === '210' ? Number(last) - 1 : 0
    return [...unplugged].some(name => nodes.get(name) === number)
  }

  const reach = async (from: string | undefined, ip: string, port: number, burst?: Burst): Promise<Connection> => {
    if (ip === '127.0.0.1') return connect(ip, from ?? ip, port, burst, ip)
    if (isCutOff(ip)) {
      await clock.sleep(unreachableAfterMs)
      throw networkError('EHOSTUNREACH', ip, port)
    }
    const route = routeOf(store, ip, port, isNode(ip))
    if (route.to === 'service') {
      const target = route.port && chooseEndpoint(store, route.service, route.port, from ?? '', affinity)
      if (!target) throw networkError('ECONNREFUSED', ip, port)
      return reach(from, target.ip, target.port, burst)
    }
    if (!isAllowed(store, from, ip, port)) {
      await clock.sleep(droppedAfterMs)
      throw networkError('ETIMEDOUT', ip, port)
    }
    if (listeners.has(`${ip}:${port}`) || pods.has(ip) || isNode(ip)) return connect(from, ip, port, burst)
    if (ip.startsWith('10.43.')) {
      await clock.sleep(droppedAfterMs)
      throw networkError('ETIMEDOUT', ip, port)
    }
    await clock.sleep(unreachableAfterMs)
    throw networkError('EHOSTUNREACH', ip, port)
  }

  const resolve = (host: string, namespace: string): string[] => {
    if (host === 'localhost') return ['127.0.0.1']
    const { ips } = resolveName(store, host, namespace)
    if (ips.length > 0) return ips
    const node = store.get('nodes', '', host)
    const status = node?.status as { addresses?: { type: string; address: string }[] } | undefined
    return status?.addresses?.filter(address => address.type === 'InternalIP').map(address => address.address) ?? []
  }

  return {
    allocate(node) {
      const number = nodeNumber(node, nodes)
      const subnet = `10.42.${number - 1}`
      let host = lastHost.get(number) ?? 1
      for (let tries = 0; tries < 253; tries++) {
        host = host >= 254 ? 2 : host + 1
        const ip = `${subnet}.${host}`
        if (pods.has(ip)) continue
        pods.add(ip)
        lastHost.set(number, host)
        return ip
      }
      // Models containernetworking/plugins host-local
      throw new Error(`failed to allocate for range 0: no IP addresses available in range set: ${subnet}.1-${subnet}.254`)
    },
    release(ip) {
      pods.delete(ip)
    },
    listen(ip, port, onConnection) {
      const key = `${ip}:${port}`
      if (listeners.has(key)) throw networkError('EADDRINUSE', ip, port)
      listeners.set(key, onConnection)
      return () => {
        if (listeners.get(key) === onConnection) listeners.delete(key)
      }
    },
    async dial(from, host, port) {
      const ips = resolve(host, from.namespace ?? 'default')
      const ip = ips[Math.floor(random() * ips.length)]
      if (ip === undefined) throw networkError('ENOTFOUND', host)
      return reach(from.ip, ip, port, from.burst)
    },
    resolve,
    records: (host, namespace, type) => recordsOf(store, host, namespace, type),
    fullName: (host, namespace) => resolveName(store, host, namespace).name,
    has(host) {
      const name = host.toLowerCase().replace(/\.$/, '')
      if (name.endsWith(`.${clusterDomain}`)) return true
      if (!isIp(name))
        return (/\.svc$/.test(name) || store.get('nodes', '', name) !== undefined) && resolve(name, 'default').length > 0
      if (/^10\.(42|43)\./.test(name) || /^10\.210\.0\./.test(name)) return true
      return external(store).has(name)
    },
    answers: ip => ip === '127.0.0.1' || (!isCutOff(ip) && (pods.has(ip) || isNode(ip))),
    save: () => ({ nodes: [...nodes], lastHost: [...lastHost], pods: [...pods], unplugged: [...unplugged] }),
    restore(saved) {
      nodes = new Map(saved?.nodes)
      lastHost = new Map(saved?.lastHost)
      pods = new Set(saved?.pods)
      unplugged = new Set(saved?.unplugged)
      affinity.sticky.clear()
    },
    unplug(name) {
      nodeNumber(name, nodes)
      unplugged.add(name)
    },
    plug: name => void unplugged.delete(name),
  }
}

/** IPs that Services claim from outside the cluster's own ranges. */
const external = (store: Store): Set<string> =>
  new Set(
    store.list('services').flatMap(service => {
      const spec = service.spec as { externalIPs?: string[] } | undefined
      const status = service.status as { loadBalancer?: { ingress?: { ip?: string }[] } } | undefined
      return [...(spec?.externalIPs ?? []), ...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])]
    }),
  )
