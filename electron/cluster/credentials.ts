// What a request needs to be let in: trust, certificates and tokens of one kubeconfig context.

import type { RequestOptions } from 'node:https'
import { type Access, writeKubeconfig } from './kubeconfig.ts'

/** Keys that only client-node understands: plug-ins, proxies, and credentials kept in other files. */
const elsewhere = ['exec', 'auth-provider', 'proxy-url', 'tokenFile', 'certificate-authority', 'client-certificate', 'client-key']

const decode = (data: string | undefined): Buffer | undefined => (data === undefined ? undefined : Buffer.from(data, 'base64'))

/**
 * Request options that carry the context's credentials; ask again for each request, as tokens of plug-ins expire.
 * Embedded credentials are read here; for all else @kubernetes/client-node is loaded, which takes some hundred milliseconds.
 */
export const createCredentials = (access: Access): (() => Promise<RequestOptions>) => {
  const { cluster, user } = access
  const embedded = !elsewhere.some(key => key in cluster || key in user)
  if (embedded) {
    const options = embeddedOptions(access)
    return async () => options
  }
  const loaded = import('@kubernetes/client-node/dist/config.js').then(({ KubeConfig }) => {
    const config = new KubeConfig()
    config.loadFromString(writeKubeconfig(access))
    return config
  })
  loaded.catch(() => undefined) // every request reports it
  return async () => {
    const options: RequestOptions = {}
    await (await loaded).applyToHTTPSOptions(options)
    return options
  }
}

const embeddedOptions = ({ cluster, user }: Access): RequestOptions => ({
  ca: decode(cluster['certificate-authority-data']),
  rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
  servername: cluster['tls-server-name'],
  cert: decode(user['client-certificate-data']),
  key: decode(user['client-key-data']),
  auth: user.username === undefined ? undefined : `${user.username}:${user.password ?? ''}`,
  headers: user.token === undefined ? {} : { authorization: `Bearer ${user.token}` },
})
