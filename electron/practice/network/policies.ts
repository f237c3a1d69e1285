// Whether NetworkPolicies let one Pod reach another.

import type { IPBlock, NetworkPolicyPeer, NetworkPolicyPort } from 'kubernetes-types/networking/v1.js'
import type { Pod } from '../controllers/kinds.ts'
import { isTerminal } from '../controllers/pod.ts'
import type { NetworkPolicyObject } from '../resources/network-policy.ts'
import { matchesSelector } from '../selectors.ts'
import type { Store } from '../store.ts'

// Models the semantics told in k8s.io/api/networking/v1/types.go; names are looked up without the network, so no policy can cut DNS off.

const numberOf = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

const isInCidr = (ip: string, cidr: string): boolean => {
  const [base = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(numberOf(ip) / size) === Math.floor(numberOf(base) / size)
}

const isInBlock = (ip: string, { cidr, except = [] }: IPBlock): boolean =>
  isInCidr(ip, cidr) && !except.some(each => isInCidr(ip, each))

/** One end of a connection; no Pod for a node, or for what is outside. */
interface End {
  ip: string
  pod: Pod | undefined
}

interface Rule {
  peers: readonly NetworkPolicyPeer[]
  ports: readonly NetworkPolicyPort[]
}

const matchesPort = (port: number, target: Pod | undefined, wanted: NetworkPolicyPort): boolean => {
  if ((wanted.protocol ?? 'TCP') !== 'TCP') return false
  if (wanted.port === undefined) return true
  if (typeof wanted.port === 'number') return port >= wanted.port && port <= (wanted.endPort ?? wanted.port)
  const named = target?.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === wanted.port)
  return named?.containerPort === port
}

/** May a connection come to `to`? Policies add up; a Pod that none is for is open. */
export const isAllowed = (store: Store, from: string | undefined, to: string, port: number): boolean => {
  const policies = store.list('networkpolicies.networking.k8s.io') as readonly NetworkPolicyObject[]
  // A node reaches its Pods whatever the policies say, or probes would fail.
  if (policies.length === 0 || from === undefined || from === to) return true
  const podAt = (ip: string): Pod | undefined =>
    (store.list('pods') as readonly Pod[]).find(pod => pod.status?.podIP === ip && !pod.spec.hostNetwork && !isTerminal(pod))
  const [source, target]: [End, End] = [
    { ip: from, pod: podAt(from) },
    { ip: to, pod: podAt(to) },
  ]

  const isPeer = (policy: NetworkPolicyObject, { ip, pod }: End, peer: NetworkPolicyPeer): boolean => {
    if (peer.ipBlock) return isInBlock(ip, peer.ipBlock)
    if (!pod) return false
    const { namespace = '', labels = {} } = pod.metadata
    const home = store.get('namespaces', '', namespace)?.metadata.labels ?? {}
    const isThere = peer.namespaceSelector
      ? matchesSelector(peer.namespaceSelector, home)
      : namespace === policy.metadata.namespace
    return isThere && (!peer.podSelector || matchesSelector(peer.podSelector, labels))
  }
  const lets = (policy: NetworkPolicyObject, far: End, { peers, ports }: Rule): boolean =>
    (peers.length === 0 || peers.some(peer => isPeer(policy, far, peer))) &&
    (ports.length === 0 || ports.some(each => matchesPort(port, target.pod, each)))
  const isOpen = (
    { pod }: End,
    far: End,
    type: 'Ingress' | 'Egress',
    rulesOf: (policy: NetworkPolicyObject) => Rule[],
  ): boolean => {
    if (!pod) return true
    const mine = policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === pod.metadata.namespace &&
        spec.policyTypes?.includes(type) &&
        matchesSelector(spec.podSelector, pod.metadata.labels ?? {}),
    )
    return mine.length === 0 || mine.some(policy => rulesOf(policy).some(rule => lets(policy, far, rule)))
  }
  const isOut = isOpen(source, target, 'Egress', ({ spec }) =>
    (spec.egress ?? []).map(({ to: peers = [], ports = [] }) => ({ peers, ports })),
  )
  const isIn = isOpen(target, source, 'Ingress', ({ spec }) =>
    (spec.ingress ?? []).map(({ from: peers = [], ports = [] }) => ({ peers, ports })),
  )
  return isOut && isIn
}
