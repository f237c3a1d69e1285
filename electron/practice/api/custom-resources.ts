// Custom kinds: there are none here. kubectl asks for their list before it says that it does not know a kind.

import { type Exchange, sendObject } from './exchange.ts'

// Models kubernetes/staging/src/k8s.io/apiextensions-apiserver: a cluster to which nobody has added a definition.

/** Answers GET of the definitions with an empty list; false where the path is another one. */
export const listCustomKinds = (exchange: Exchange, revision: string): boolean => {
  if (exchange.path.join('/') !== 'apis/apiextensions.k8s.io/v1/customresourcedefinitions') return false
  sendObject(exchange, 200, {
    kind: 'CustomResourceDefinitionList',
    apiVersion: 'apiextensions.k8s.io/v1',
    metadata: { resourceVersion: revision },
    items: [],
  })
  return true
}
