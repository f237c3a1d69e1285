// What a cluster holds before anyone has asked for anything: namespaces, and the Service of the API itself.

import type { Clock } from '../platform/clock.ts'
import { clusterRoleBindings, clusterRoles } from './auth/default-roles.ts'
import type { KubeObject } from './object.ts'
import type { Registry } from './registry.ts'
import { systemClasses } from './resources/priority-class.ts'
import { DEFAULT_CLASS } from './resources/storage-class.ts'

type Meta = KubeObject['metadata']

/** The address that the API server has among the nodes. */
const controlPlane = '10.210.0.2'
const securePort = 6443

/** Creates it where it is missing: an earlier life of the cluster may have left it. */
const ensure = (registry: Registry, key: string, object: Partial<KubeObject> & { metadata: Meta }): void => {
  const { namespace = '', name } = object.metadata
  if (!registry.store.get(key, namespace, name)) registry.create(key, object)
}

// Models kubernetes/pkg/controlplane/controller/kubernetesservice.

const createService = (registry: Registry): void => {
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  ensure(registry, 'services', {
    metadata: { name: 'kubernetes', namespace: 'default', labels } as Partial<Meta> as Meta,
    spec: { clusterIP: '10.43.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: securePort }] },
  })
}

/** Creates the first objects, those that are missing: the API server itself owns them. */
export const bootObjects = (given: Registry): void => {
  const registry = given.as('kube-apiserver')
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    ensure(registry, 'namespaces', { metadata: { name } as Meta })
  }
  ensure(registry, 'storageclasses.storage.k8s.io', {
    metadata: { name: 'standard', annotations: { [DEFAULT_CLASS]: 'true' } } as Partial<Meta> as Meta,
    provisioner: 'kubernetes.io/host-path',
  })
  for (const role of clusterRoles) ensure(registry, 'clusterroles.rbac.authorization.k8s.io', { ...role })
  for (const binding of clusterRoleBindings) ensure(registry, 'clusterrolebindings.rbac.authorization.k8s.io', { ...binding })
  for (const systemClass of systemClasses) ensure(registry, 'priorityclasses.scheduling.k8s.io', { ...systemClass })
  createService(registry)
  const port = { name: 'https', port: securePort, protocol: 'TCP' }
  ensure(registry, 'endpoints', {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    } as Partial<Meta> as Meta,
    subsets: [{ addresses: [{ ip: controlPlane }], ports: [port] }],
  })
  ensure(registry, 'endpointslices.discovery.k8s.io', {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    } as Partial<Meta> as Meta,
    addressType: 'IPv4',
    endpoints: [{ addresses: [controlPlane], conditions: { ready: true } }],
    ports: [port],
  })
}

// As upstream's controller, which looks every ten seconds; a learner who deletes all Services need not wait that long.
const returnsAfterMs = 1000

/** Brings the API's own Service back when it is deleted. */
export const keepService = (registry: Registry, clock: Clock, signal: AbortSignal, onError: (error: unknown) => void): void => {
  const returnSoon = () =>
    void clock
      .sleep(returnsAfterMs, signal)
      .then(() => createService(registry.as('kube-apiserver')))
      .catch((error: unknown) => {
        if (!signal.aborted) onError(error)
      })
  const stop = registry.store.watch('services', undefined, ({ type, object: { metadata } }) => {
    if (type === 'DELETED' && metadata.name === 'kubernetes' && metadata.namespace === 'default') returnSoon()
  })
  if (!registry.store.get('services', 'default', 'kubernetes')) returnSoon()
  signal.addEventListener('abort', stop, { once: true })
}
