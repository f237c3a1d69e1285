// Fills Secrets that ask for a ServiceAccount's token, and takes those away whose account is gone.

import type { Tokens } from '../auth/tokens.ts'
import { type KubeObject, splitKey } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'

// Models kubernetes/pkg/controller/serviceaccount/tokens_controller.go

const TYPE = 'kubernetes.io/service-account-token'
const NAME = 'kubernetes.io/service-account.name'
const UID = 'kubernetes.io/service-account.uid'

type TokenSecret = KubeObject & { type?: string; data?: Record<string, string> }

/** What a Secret needs: nothing, its token, or its end. An account of the same name but another uid is another account. */
export const decideTokenSecret = (secret: TokenSecret, accountUid: string | undefined): 'keep' | 'fill' | 'remove' => {
  if (secret.type !== TYPE || secret.metadata.deletionTimestamp) return 'keep'
  const known = secret.metadata.annotations?.[UID]
  if (accountUid === undefined || (known !== undefined && known !== accountUid)) return 'remove'
  const { data = {} } = secret
  return known && data.token && data.namespace && data['ca.crt'] ? 'keep' : 'fill'
}

export const serviceAccountToken = ({ registry }: ControllerContext, tokens: Tokens, ca: string): Controller => {
  const { store } = registry
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return {
    name: 'serviceaccount-token',
    watches: {
      secrets: ({ type, object }) =>
        type !== 'DELETED' && (object as TokenSecret).type === TYPE
          ? [`${object.metadata.namespace}/${object.metadata.name}`]
          : [],
      serviceaccounts: ({ object: { metadata } }) =>
        (store.list('secrets', metadata.namespace) as readonly TokenSecret[])
          .filter(secret => secret.type === TYPE && secret.metadata.annotations?.[NAME] === metadata.name)
          .map(secret => `${metadata.namespace}/${secret.metadata.name}`),
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const secret = store.get('secrets', namespace, name) as TokenSecret | undefined
      if (!secret) return undefined
      const account = store.get('serviceaccounts', namespace, secret.metadata.annotations?.[NAME] ?? '')
      const need = decideTokenSecret(secret, account?.metadata.uid)
      const { uid } = secret.metadata
      if (need === 'remove') registry.delete('secrets', namespace, name, { preconditions: { uid } })
      if (need !== 'fill' || !account) return undefined
      const { token } = tokens.issue({ namespace, account: account.metadata, bound: { kind: 'Secret', name, uid } })
      registry.modify('secrets', namespace, name, copy => {
        const { data = {}, metadata } = copy as TokenSecret
        return {
          ...copy,
          metadata: { ...metadata, annotations: { ...metadata.annotations, [UID]: account.metadata.uid } },
          data: { ...data, token: base64(token), namespace: base64(namespace), 'ca.crt': base64(ca) },
        } as KubeObject
      })
      return undefined
    },
  }
}
