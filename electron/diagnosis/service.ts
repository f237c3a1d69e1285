// Why a Service leads nowhere. Models kubernetes/pkg/controller/endpointslice

import type { Pod, Service } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../contract/cluster.ts'
import { describe, type Facts, inNamespace, kubectl, podsOf, type Rule } from './look.ts'

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true

const text = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

const matches = (selector: Readonly<Record<string, string>>, { metadata }: KubeObject): number =>
  Object.entries(selector).filter(([key, value]) => metadata.labels?.[key] === value).length

/** The cluster's DNS is a Service like others, but without it no name is found anywhere. */
const isDns = ({ metadata }: KubeObject): boolean => metadata.namespace === 'kube-system' && metadata.name === 'kube-dns'

export const serviceTrouble: Rule<Service & KubeObject> = (service, snapshot) => {
  const found = leadsNowhere(service, snapshot)
  return found && isDns(service) && found.cause !== 'service.port' ? { ...found, cause: 'dns.down' } : found
}

const leadsNowhere: Rule<Service & KubeObject> = (service, snapshot) => {
  const selector = service.spec?.selector ?? {}
  if (service.spec?.type === 'ExternalName' || Object.keys(selector).length === 0) return undefined
  const around = podsOf(snapshot).filter(({ metadata }) => metadata.namespace === service.metadata.namespace)
  const pods = around.filter(pod => matches(selector, pod) === Object.keys(selector).length)
  const place = inNamespace(service.metadata.namespace)
  const see = { command: `kubectl get pods${place} --show-labels`, say: 'podLabels' }
  const edit = { command: kubectl('edit', service), say: 'editSelector' }
  if (pods.length === 0) {
    const facts: Facts = { selector: text(selector), ...nearest(selector, around) }
    return {
      cause: 'service.noMatch',
      facts,
      evidence: [{ text: `selector: ${facts.selector}`, from: 'spec' }],
      next: [see, edit, describe(service)],
    }
  }
  const lost = lostPort(service, pods)
  if (lost)
    return {
      cause: 'service.port',
      facts: lost,
      evidence: [{ text: `targetPort: ${lost.port}`, from: 'spec' }],
      next: [{ ...edit, say: 'editPort' }, describe(service)],
    }
  // A Pod that has just been made is not yet trouble: its own rules tell what it waits for.
  const living = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  if (service.spec?.publishNotReadyAddresses || living.length === 0 || living.some(isReady)) return undefined
  const facts = { count: living.length, selector: text(selector) }
  return {
    cause: 'service.noneReady',
    facts,
    evidence: [{ text: living.map(({ metadata }) => metadata.name).join('\n'), from: 'pods' }],
    next: [see, describe(service)],
  }
}

/** The Pod that comes closest, and the label in which it differs. */
const nearest = (selector: Readonly<Record<string, string>>, pods: readonly KubeObject[]): Facts => {
  const best = [...pods].sort((a, b) => closeness(selector, b) - closeness(selector, a))[0]
  if (!best || closeness(selector, best) === 0) return { pod: '', has: '' }
  const keys = Object.keys(selector).filter(key => best.metadata.labels?.[key] !== selector[key])
  const has = keys.map(key => `${key}=${best.metadata.labels?.[key] ?? ''}`).join(',')
  return { pod: best.metadata.name, has }
}

/** A label that fits counts most, one of the same key a little. */
const closeness = (selector: Readonly<Record<string, string>>, pod: KubeObject): number =>
  matches(selector, pod) * 10 + Object.keys(selector).filter(key => pod.metadata.labels?.[key] !== undefined).length

/** A port given by a name that no container of its Pods has. */
const lostPort = ({ spec }: Service, pods: readonly Pod[]): Facts | undefined => {
  const names = new Set(
    pods.flatMap(pod => (pod.spec?.containers ?? []).flatMap(({ ports }) => (ports ?? []).map(({ name }) => name))),
  )
  for (const { targetPort } of spec?.ports ?? [])
    if (typeof targetPort === 'string' && !/^\d+$/.test(targetPort) && !names.has(targetPort))
      return { port: targetPort, known: [...names].filter(Boolean).join(', ') }
  return undefined
}
