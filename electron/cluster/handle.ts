// A cluster that can be used now: its line, its watches, and what a terminal needs to reach it.

import type { Clock } from '../platform/clock.ts'
import { type Connection, createConnection } from './connection.ts'
import { type Exec, execThroughApi } from './exec.ts'
import { createFeed, type Feed } from './feed.ts'
import { type Access, httpProxyOf } from './kubeconfig.ts'
import { type Probe, probeThroughApi, probeThroughProxy } from './probe.ts'

export interface Handle {
  /** `practice`, `microk8s` or `context:<name>`. */
  readonly id: string
  readonly connection: Connection
  readonly feed: Feed
  readonly probe: Probe
  readonly exec: Exec
  /** Variables for a shell whose kubectl, and curl on the practice cluster, are to reach this cluster. */
  readonly env: Readonly<Record<string, string>>
  close(): void
}

interface HandleOptions {
  id: string
  access: Access
  kubeconfigFile: string
  cacheFolder: string
  clock: Clock
  random?: () => number
}

export const createHandle = (options: HandleOptions): Handle => {
  const { id, access, kubeconfigFile, cacheFolder, clock, random = Math.random } = options
  const httpProxy = httpProxyOf(access)
  const connection = createConnection(access)
  const feed = createFeed(connection, { clock, random })
  return {
    id,
    connection,
    feed,
    probe: httpProxy === undefined ? probeThroughApi(connection) : probeThroughProxy(httpProxy),
    exec: execThroughApi(connection),
    env: {
      KUBECONFIG: kubeconfigFile,
      // discovery is cached for six hours by host and port, and our ports come back
      KUBECACHEDIR: cacheFolder,
      ...(httpProxy === undefined ? {} : { http_proxy: httpProxy, no_proxy: '127.0.0.1,localhost' }),
    },
    close: () => {
      feed.close()
      connection.close()
    },
  }
}
