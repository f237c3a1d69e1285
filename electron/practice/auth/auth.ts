// Who asks, and whether they may: authentication by token, impersonation, and RBAC.

import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { StatusError } from '../status-error.ts'
import type { Store } from '../store.ts'
import { type Authorizer, createAuthorizer } from './authorizer.ts'
import { impersonate } from './impersonate.ts'
import type { Tokens } from './tokens.ts'
import { learner, type User } from './user.ts'

export interface Auth {
  authorizer: Authorizer
  tokens: Tokens
  /** @throws StatusError 401, 403 */
  identify(headers: IncomingHttpHeaders): User
}

/** @param token of the cluster's owner */
export const createAuth = ({ token, store, tokens }: { token: string; store: Store; tokens: Tokens }): Auth => {
  const authorizer = createAuthorizer(store)
  const owners = Buffer.from(token)
  const ofToken = (given: string): User | undefined => {
    const bytes = Buffer.from(given)
    if (bytes.length === owners.length && timingSafeEqual(bytes, owners)) return learner
    return tokens.read(given)
  }
  return {
    authorizer,
    tokens,
    identify: headers => {
      const given = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
      const user = given === undefined ? undefined : ofToken(given)
      if (!user) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
      return impersonate(user, headers, authorizer)
    },
  }
}
