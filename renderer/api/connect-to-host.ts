// The page's way to the host: Electron's channel where there is one, else a WebSocket that comes back by itself.

import { type AppContract, contract } from '../../electron/contract/index.ts'
import { type Client, connect } from '../../electron/rpc/connect.ts'
import type { Link, Transport } from '../../electron/rpc/transport.ts'
import { type Bridge, createBridgeTransport } from '../../electron/rpc/transports/bridge.ts'
import { createReconnectingTransport } from '../../electron/rpc/transports/reconnecting.ts'
import { createSocketTransport } from '../../electron/rpc/transports/web-socket.ts'
import { isSessionOver, openSession } from './session.ts'

declare global {
  interface Window {
    /** Exposed by the preload script, in Electron only. */
    khw?: Bridge
  }
}

export type { Link }
export type Api = Client<AppContract>

export interface Host {
  api: Api
  link: Transport['link']
  close(): void
}

/** Milliseconds between looks at whether a lost host has come back without our session. */
const lookEvery = 2000

/** A host that was restarted knows no old token; trying on would never succeed, so the link is closed for good. */
const closeWhenOver = (transport: Transport, token: string): void => {
  let timer: ReturnType<typeof setInterval> | undefined
  const look = async () => {
    if (await isSessionOver(token)) transport.close()
  }
  transport.link(link => {
    clearInterval(timer)
    if (link !== 'lost') return
    void look()
    timer = setInterval(() => void look(), lookEvery)
  })
}

const openTransport = async (): Promise<Transport> => {
  if (window.khw) return createBridgeTransport(window.khw)
  const token = await openSession()
  const url = new URL('ws', location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  url.hash = ''
  const transport = createReconnectingTransport(() => createSocketTransport(new WebSocket(url, ['khw.v1', `auth.${token}`])))
  closeWhenOver(transport, token)
  return transport
}

/** @throws AppError as openSession does */
export const connectToHost = async (): Promise<Host> => {
  const transport = await openTransport()
  return { api: connect(contract, transport), link: transport.link, close: transport.close }
}
