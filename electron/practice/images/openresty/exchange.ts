// One request on its way through nginx: what was asked, what is known, what will be answered.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Location, Scope, Server } from './configuration.ts'

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly server: Server
  /** The number of the connection in messages. */
  readonly connection: number
  location: Location | undefined
  /** Decoded and normalised, without arguments; changed by rewrites and internal redirects. */
  uri: string
  args: string
  readonly variables: Map<string, string>
  captures: readonly (string | undefined)[]
  status: number
  bytesSent: number
  /** An internal redirect or an error page is being answered. */
  internal: boolean
  redirects: number
  /** The error whose page is served. */
  errorCode?: number
  readonly begun: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localAddress: string
  readonly localPort: number
}

export const scopeOf = (exchange: Exchange): Scope => exchange.location?.scope ?? exchange.server.scope
