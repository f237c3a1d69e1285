// Gives every Namespace what Pods expect to find there: the ServiceAccount `default` and the cluster's CA certificate.

import { type KubeObject, keyOf, type ObjectMeta, splitKey } from '../object.ts'
import { resourceKey } from '../resource.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Namespace } from './kinds.ts'

// Models kubernetes/pkg/controller/serviceaccount/serviceaccounts_controller.go and pkg/controller/certificates/rootcacertpublisher
export const ROOT_CA = 'kube-root-ca.crt'
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

/** What a Namespace lacks, of the resources that this cluster serves. */
export const decideEssentials = (
  namespace: Namespace,
  existing: { account: boolean; certificate: string | undefined },
  ca: string,
): { account: boolean; certificate: boolean } => {
  const isLive = !namespace.metadata.deletionTimestamp
  return { account: isLive && !existing.account, certificate: isLive && existing.certificate !== ca }
}

/** The controller; `ca` is the PEM that clients inside the cluster trust. */
export const serviceAccount = ({ registry }: ControllerContext, ca: string): Controller => {
  const { store } = registry
  const hasAccounts = registry.resources.some(resource => resourceKey(resource) === 'serviceaccounts')
  const certificateIn = (namespace: string) => store.get('configmaps', namespace, ROOT_CA)

  const publish = (namespace: string) => {
    const data = { 'ca.crt': ca }
    if (certificateIn(namespace)) registry.modify('configmaps', namespace, ROOT_CA, copy => ({ ...copy, data }) as KubeObject)
    else {
      const metadata = {
        name: ROOT_CA,
        namespace,
        annotations: { 'kubernetes.io/description': DESCRIPTION },
      } as unknown as ObjectMeta
      registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
    }
  }

  return {
    name: 'serviceaccount',
    watches: {
      namespaces: ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name]),
      configmaps: ({ object }) => (object.metadata.name === ROOT_CA ? [splitKey(keyOf(object)).namespace] : []),
      ...(hasAccounts && {
        serviceaccounts: ({ type, object }) =>
          type === 'DELETED' && object.metadata.name === 'default' ? [splitKey(keyOf(object)).namespace] : [],
      }),
    },
    reconcile: name => {
      const namespace = store.get('namespaces', '', name) as Namespace | undefined
      if (!namespace) return undefined
      const account = !hasAccounts || store.get('serviceaccounts', name, 'default') !== undefined
      const certificate = (certificateIn(name) as { data?: Record<string, string> } | undefined)?.data?.['ca.crt']
      const missing = decideEssentials(namespace, { account, certificate }, ca)
      if (missing.account) {
        const metadata = { name: 'default', namespace: name } as ObjectMeta
        registry.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
      }
      if (missing.certificate) publish(name)
      return undefined
    },
  }
}
