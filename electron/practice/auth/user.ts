// Who asks: a name and its groups, as authentication finds them.

/** Models apiserver/pkg/authentication/user/user.go */
export interface User {
  name: string
  groups: readonly string[]
  uid?: string
  extra?: Readonly<Record<string, readonly string[]>>
}

/** Whom every authorizer lets through. */
export const MASTERS = 'system:masters'
export const AUTHENTICATED = 'system:authenticated'

/** The owner of the cluster: who holds its kubeconfig. */
export const learner: User = { name: 'learner', groups: [MASTERS, AUTHENTICATED] }

const prefix = 'system:serviceaccount:'

/** A ServiceAccount's name as a user. */
export const accountName = (namespace: string, name: string): string => `${prefix}${namespace}:${name}`

/** The groups that a user of this name has for being a ServiceAccount; none for others. */
export const accountGroups = (username: string): string[] => {
  const [namespace, name, more] = username.startsWith(prefix) ? username.slice(prefix.length).split(':') : []
  return namespace && name && more === undefined ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : []
}
