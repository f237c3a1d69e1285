// `kubectl --as`: who may act as somebody else does, and is then nobody but them.

import type { IncomingHttpHeaders } from 'node:http'
import { badRequest } from '../status-error.ts'
import type { Authorizer } from './authorizer.ts'
import { AUTHENTICATED, accountGroups, type User } from './user.ts'

// Models apiserver/pkg/endpoints/filters/impersonation.go

const list = (header: string | string[] | undefined): string[] =>
  (Array.isArray(header) ? header : (header?.split(',') ?? [])).map(each => each.trim()).filter(Boolean)

const one = (header: string | string[] | undefined): string => list(header)[0] ?? ''

/** The user that a request acts as: the asker himself where it names nobody. @throws StatusError 400, 403 */
export const impersonate = (asker: User, headers: IncomingHttpHeaders, authorizer: Authorizer): User => {
  const name = one(headers['impersonate-user'])
  const groups = list(headers['impersonate-group'])
  const uid = one(headers['impersonate-uid'])
  const prefix = 'impersonate-extra-'
  const extra = Object.entries(headers)
    .filter(([header]) => header.startsWith(prefix))
    .map(([header, values]) => [decodeURIComponent(header.slice(prefix.length)), list(values)] as const)
  if (!name) {
    if (groups.length > 0 || uid || extra.length > 0) throw badRequest('requested impersonation without impersonating a user')
    return asker
  }
  const demand = (group: string, resource: string, wanted: string, namespace = '', subresource = '') =>
    authorizer.demand(asker, { verb: 'impersonate', group, resource, subresource, namespace, name: wanted })
  const ofAccount = accountGroups(name)
  const [, , namespace = '', account = ''] = name.split(':')
  if (ofAccount.length > 0) demand('', 'serviceaccounts', account, namespace)
  else demand('', 'users', name)
  for (const group of groups) demand('', 'groups', group)
  if (uid) demand('authentication.k8s.io', 'uids', uid)
  for (const [key, values] of extra) for (const value of values) demand('authentication.k8s.io', 'userextras', value, '', key)
  const everybody = name === 'system:anonymous' ? 'system:unauthenticated' : AUTHENTICATED
  return {
    name,
    groups: [...new Set([...(groups.length > 0 ? groups : ofAccount), everybody])],
    ...(uid && { uid }),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  }
}
