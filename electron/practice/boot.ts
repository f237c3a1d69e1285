// What a cluster holds before anyone has asked for anything: namespaces, and the Service of the API itself.

import type { KubeObject } from './object.ts'
import type { Registry } from './registry.ts'

type Meta = KubeObject['metadata']

/** The address that the API server has among the nodes. */
const controlPlane = '10.210.0.2'
const securePort = 6443

// Models kubernetes/pkg/controlplane/controller/kubernetesservice.

/** Creates the first objects. */
export const bootObjects = (registry: Registry): void => {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    registry.create('namespaces', { metadata: { name } as Meta })
  }
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  registry.create('services', {
    metadata: { name: 'kubernetes', namespace: 'default', labels } as Partial<Meta> as Meta,
    spec: { clusterIP: '10.43.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: securePort }] },
  })
  const port = { name: 'https', port: securePort, protocol: 'TCP' }
  registry.create('endpoints', {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    } as Partial<Meta> as Meta,
    subsets: [{ addresses: [{ ip: controlPlane }], ports: [port] }],
  })
  registry.create('endpointslices.discovery.k8s.io', {
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
