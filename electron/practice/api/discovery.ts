// Discovery: which groups, kinds and verbs there are, in the old form (a request a group) and the aggregated one.

import { compareVersions } from '../custom/definition.ts'
import { apiVersionOf } from '../registry.ts'
import { type Resource, resourceKey } from '../resource.ts'
import { type Exchange, sendObject, sendText } from './exchange.ts'

/** A subresource as discovery lists it. */
interface Subresource {
  name: string
  kind: string
  group?: string
  version?: string
  verbs: string[]
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const proxied = ['create', 'delete', 'get', 'patch', 'update']
/** Namespaces go only one by one. */
const verbsOf = (resource: Resource): string[] =>
  resourceKey(resource) === 'namespaces' ? verbs.filter(verb => verb !== 'deletecollection') : verbs

// Pods have more doors than their store.
const extras = new Map<string, Subresource[]>([
  [
    'pods',
    [
      { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
      { name: 'binding', kind: 'Binding', verbs: ['create'] },
      { name: 'ephemeralcontainers', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
      { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
      { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
      { name: 'log', kind: 'Pod', verbs: ['get'] },
      { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
      { name: 'proxy', kind: 'PodProxyOptions', verbs: proxied },
      { name: 'resize', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
    ],
  ],
  [
    'serviceaccounts',
    [{ name: 'token', group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] }],
  ],
  ['namespaces', [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }]],
  ['services', [{ name: 'proxy', kind: 'ServiceProxyOptions', verbs: proxied }]],
])

const subresourcesOf = (resource: Resource): Subresource[] => {
  const found = [...(extras.get(resourceKey(resource)) ?? [])]
  for (const name of resource.subresources) {
    if (name === 'status') found.push({ name, kind: resource.kind, verbs: ['get', 'patch', 'update'] })
    else found.push({ name, group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A kind that is not stored: only ever created, and answered at once, unless its verbs say otherwise. */
interface Virtual {
  apiVersion: string
  plural: string
  kind: string
  namespaced: boolean
  verbs?: string[]
  singular?: string
  shortNames?: string[]
}

const virtuals: Virtual[] = [
  { apiVersion: 'v1', plural: 'bindings', kind: 'Binding', namespaced: true },
  {
    apiVersion: 'v1',
    plural: 'componentstatuses',
    kind: 'ComponentStatus',
    namespaced: false,
    verbs: ['get', 'list'],
    singular: 'componentstatus',
    shortNames: ['cs'],
  },
  {
    apiVersion: 'authorization.k8s.io/v1',
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    namespaced: false,
  },
  { apiVersion: 'authorization.k8s.io/v1', plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview', namespaced: false },
  { apiVersion: 'authorization.k8s.io/v1', plural: 'subjectaccessreviews', kind: 'SubjectAccessReview', namespaced: false },
  {
    apiVersion: 'authorization.k8s.io/v1',
    plural: 'localsubjectaccessreviews',
    kind: 'LocalSubjectAccessReview',
    namespaced: true,
  },
  { apiVersion: 'authentication.k8s.io/v1', plural: 'tokenreviews', kind: 'TokenReview', namespaced: false },
  { apiVersion: 'authentication.k8s.io/v1', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview', namespaced: false },
  { apiVersion: 'metrics.k8s.io/v1beta1', plural: 'nodes', kind: 'NodeMetrics', namespaced: false, verbs: ['get', 'list'] },
  { apiVersion: 'metrics.k8s.io/v1beta1', plural: 'pods', kind: 'PodMetrics', namespaced: true, verbs: ['get', 'list'] },
]

const singularOf = ({ plural, verbs, singular }: Virtual): string => singular ?? (verbs ? '' : plural.replace(/s$/, ''))

// Models kubernetes/pkg/controlplane/apiserver/aggregator.go: its priorities of groups; those of users come last, by name.
const order = [
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
]

const placeOf = (groupVersion: string): number => {
  const [group] = split(groupVersion)
  const place = order.indexOf(group)
  return group === '' ? -1 : place < 0 ? order.length : place
}

const byPlace = (left: string, right: string): number => {
  const [a, b] = [split(left), split(right)]
  if (a[0] === b[0]) return compareVersions(a[1], b[1])
  return placeOf(left) - placeOf(right) || (a[0] < b[0] ? -1 : 1)
}

/** Group versions in discovery order. */
const groupVersions = (resources: readonly Resource[]): string[] =>
  [...new Set([...resources.map(apiVersionOf), ...virtuals.map(({ apiVersion }) => apiVersion)])].sort(byPlace)

const split = (apiVersion: string): [group: string, version: string] => {
  const [group = '', version] = apiVersion.split('/')
  return version === undefined ? ['', group] : [group, version]
}

// Models apiserver/pkg/endpoints/discovery.

const listOf = (resources: readonly Resource[], groupVersion: string) => ({
  kind: 'APIResourceList',
  // Upstream leaves it out for the oldest group.
  ...(groupVersion !== 'v1' && { apiVersion: 'v1' }),
  groupVersion,
  resources: [
    ...resources
      .filter(resource => apiVersionOf(resource) === groupVersion)
      .flatMap(resource => [
        {
          name: resource.plural,
          singularName: resource.singular,
          namespaced: resource.namespaced,
          kind: resource.kind,
          verbs: verbsOf(resource),
          ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
          ...(resource.categories.length > 0 && { categories: resource.categories }),
        },
        ...subresourcesOf(resource).map(({ name, ...rest }) => ({
          name: `${resource.plural}/${name}`,
          singularName: '',
          namespaced: resource.namespaced,
          ...rest,
        })),
      ]),
    ...virtuals
      .filter(({ apiVersion }) => apiVersion === groupVersion)
      .map(virtual => ({
        name: virtual.plural,
        singularName: singularOf(virtual),
        namespaced: virtual.namespaced,
        kind: virtual.kind,
        verbs: virtual.verbs ?? ['create'],
        ...(virtual.shortNames && { shortNames: virtual.shortNames }),
      })),
  ],
})

const groupOf = (versions: readonly string[]) => {
  const entries = versions.map(groupVersion => ({ groupVersion, version: split(groupVersion)[1] }))
  return { name: split(versions[0]!)[0], versions: entries, preferredVersion: entries[0]! }
}

const groupsOf = (resources: readonly Resource[]) => {
  const named = groupVersions(resources).filter(each => each.includes('/'))
  const names = [...new Set(named.map(each => split(each)[0]))]
  return names.map(name => groupOf(named.filter(each => split(each)[0] === name)))
}

const scope = (namespaced: boolean) => (namespaced ? 'Namespaced' : 'Cluster')

const aggregated = (
  resources: readonly Resource[],
  groups: readonly { name: string; versions: string[] }[],
  version: string,
) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: `apidiscovery.k8s.io/${version}`,
  metadata: {},
  items: groups.map(group => ({
    metadata: { ...(group.name && { name: group.name }) },
    versions: group.versions.map(groupVersion => {
      const [, versionName] = split(groupVersion)
      // Of this group and version, where none is told.
      const kindOf = (kind: string) => ({ group: '', version: '', kind })
      const real = resources
        .filter(resource => apiVersionOf(resource) === groupVersion)
        .map(resource => {
          const parts = subresourcesOf(resource).map(part => ({
            subresource: part.name,
            responseKind: part.group ? { group: part.group, version: part.version, kind: part.kind } : kindOf(part.kind),
            verbs: part.verbs,
          }))
          return {
            resource: resource.plural,
            responseKind: kindOf(resource.kind),
            scope: scope(resource.namespaced),
            singularResource: resource.singular,
            verbs: verbsOf(resource),
            ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
            ...(resource.categories.length > 0 && { categories: resource.categories }),
            ...(parts.length > 0 && { subresources: parts }),
          }
        })
      const created = virtuals
        .filter(({ apiVersion }) => apiVersion === groupVersion)
        .map(virtual => ({
          resource: virtual.plural,
          responseKind: kindOf(virtual.kind),
          scope: scope(virtual.namespaced),
          singularResource: singularOf(virtual),
          verbs: virtual.verbs ?? ['create'],
          ...(virtual.shortNames && { shortNames: virtual.shortNames }),
        }))
      return { version: versionName, resources: [...real, ...created], freshness: 'Current' }
    }),
  })),
})

const aggregatedVersion = (exchange: Exchange): string | undefined =>
  /application\/json;g=apidiscovery\.k8s\.io;v=(v2|v2beta1);as=APIGroupDiscoveryList/.exec(
    exchange.request.headers.accept ?? '',
  )?.[1]

/** Answers GET of /api, /apis, /api/v1, /apis/GROUP and /apis/GROUP/VERSION; false where the path names nothing. */
export const discover = (exchange: Exchange, resources: readonly Resource[]): boolean => {
  const [root, group, version, more] = exchange.path
  if (more !== undefined) return false
  if (group === undefined) {
    const asked = aggregatedVersion(exchange)
    const groups = groupsOf(resources).map(each => ({
      name: each.name,
      versions: each.versions.map(({ groupVersion }) => groupVersion),
    }))
    if (asked) {
      const served = root === 'api' ? [{ name: '', versions: ['v1'] }] : groups
      exchange.response.setHeader('Vary', 'Accept')
      const type = `application/json;g=apidiscovery.k8s.io;v=${asked};as=APIGroupDiscoveryList`
      sendText(exchange, 200, JSON.stringify(aggregated(resources, served, asked)), type)
    } else if (root === 'api') {
      const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: exchange.request.headers.host ?? '' }]
      sendObject(exchange, 200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs })
    } else sendObject(exchange, 200, { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(resources) })
    return true
  }
  if (root === 'apis' && version === undefined) {
    const found = groupsOf(resources).find(({ name }) => name === group)
    if (found) sendObject(exchange, 200, { kind: 'APIGroup', apiVersion: 'v1', ...found })
    return found !== undefined
  }
  const groupVersion = root === 'api' ? group : `${group}/${version}`
  if ((root === 'api' && version !== undefined) || !groupVersions(resources).includes(groupVersion)) return false
  sendObject(exchange, 200, listOf(resources, groupVersion))
  return true
}
