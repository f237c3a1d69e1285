// ServiceAccounts' tokens: signed by this cluster, good for a while, and only as long as what they are bound to lives.

import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Store } from '../store.ts'
import { AUTHENTICATED, accountGroups, accountName, type User } from './user.ts'

// Models kubernetes/pkg/serviceaccount/claims.go and jwt.go; signed by HMAC, for nobody but this API server checks them.

/** Whom a token is for where nobody else is named: this API server, which also issues it. */
export const AUDIENCE = 'https://kubernetes.default.svc.cluster.local'

interface Named {
  name: string
  uid: string
}

export interface TokenRequest {
  namespace: string
  account: Named
  /** How long it is good for; without it, for ever. */
  seconds?: number
  audiences?: readonly string[]
  /** With whose end it ends. */
  bound?: Named & { kind: 'Pod' | 'Secret' }
}

interface Claims {
  aud: readonly string[]
  exp?: number
  iat: number
  iss: string
  jti: string
  nbf: number
  sub: string
  'kubernetes.io': { namespace: string; serviceaccount: Named; pod?: Named; secret?: Named }
}

export interface Tokens {
  /** @returns the token, and the second since the epoch from which it is good no more */
  issue(request: TokenRequest): { token: string; expires?: number }
  /** Whose it is; undefined for what is none of ours, too old, for others, or bound to what is gone. */
  read(token: string): User | undefined
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const header = encode({ alg: 'HS256', typ: 'JWT' })

/**
 * @param secret known to this cluster alone
 * @param now milliseconds since the epoch, of the cluster's time
 */
export const createTokens = ({ secret, store, now }: { secret: string; store: Store; now(): number }): Tokens => {
  const sign = (text: string): Buffer => createHmac('sha256', `service account tokens of ${secret}`).update(text).digest()

  const claimsOf = (token: string): Claims | undefined => {
    const [head, body, signature, more] = token.split('.')
    if (head !== header || !body || !signature || more !== undefined) return undefined
    const given = Buffer.from(signature, 'base64url')
    const expected = sign(`${head}.${body}`)
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    return JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims
  }
  const lives = (key: string, namespace: string, { name, uid }: Named): boolean =>
    store.get(key, namespace, name)?.metadata.uid === uid

  return {
    issue: ({ namespace, account, seconds, audiences = [AUDIENCE], bound }) => {
      const issued = Math.floor(now() / 1000)
      const expires = seconds === undefined ? undefined : issued + seconds
      const claims: Claims = {
        aud: audiences,
        ...(expires !== undefined && { exp: expires }),
        iat: issued,
        iss: AUDIENCE,
        jti: randomUUID(),
        'kubernetes.io': {
          namespace,
          ...(bound && { [bound.kind === 'Pod' ? 'pod' : 'secret']: { name: bound.name, uid: bound.uid } }),
          serviceaccount: { name: account.name, uid: account.uid },
        },
        nbf: issued,
        sub: accountName(namespace, account.name),
      }
      const text = `${header}.${encode(claims)}`
      return { token: `${text}.${sign(text).toString('base64url')}`, ...(expires !== undefined && { expires }) }
    },
    read: token => {
      const claims = claimsOf(token)
      if (!claims?.aud.includes(AUDIENCE)) return undefined
      if (claims.exp !== undefined && claims.exp * 1000 <= now()) return undefined
      const { namespace, serviceaccount, pod, secret: kept } = claims['kubernetes.io']
      if (!lives('serviceaccounts', namespace, serviceaccount)) return undefined
      if ((pod && !lives('pods', namespace, pod)) || (kept && !lives('secrets', namespace, kept))) return undefined
      const extra = {
        'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
        ...(pod && {
          'authentication.kubernetes.io/pod-name': [pod.name],
          'authentication.kubernetes.io/pod-uid': [pod.uid],
        }),
      }
      return { name: claims.sub, uid: serviceaccount.uid, groups: [...accountGroups(claims.sub), AUTHENTICATED], extra }
    },
  }
}
