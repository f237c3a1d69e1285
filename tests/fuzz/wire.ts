// Clients that break HTTP itself: garbage, halves, slowness, vanishing, and broken SPDY and WebSocket frames after an upgrade.

import { connect } from 'node:tls'
import type { PracticeProcess } from '../../build/practice-process.ts'

const maps = '/api/v1/namespaces/default/configmaps'

/** Opens a connection, misbehaves and leaves; resolves when the socket is closed. */
export const misbehave = async (server: PracticeProcess, random: () => number, pod: string): Promise<void> => {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))
  const auth = `Host: x\r\nAuthorization: Bearer ${server.token}\r\n`
  const shape = pick(['exec', 'attach', 'portforward'])
  const upgraded = (protocol: string, more: string) =>
    `GET /api/v1/namespaces/default/pods/${pod}/${shape}?command=cat&stdin=true&stdout=true&ports=80 HTTP/1.1\r\n${auth}Connection: Upgrade\r\nUpgrade: ${protocol}\r\n${more}\r\n`
  const spdy = upgraded('SPDY/3.1', 'X-Stream-Protocol-Version: v4.channel.k8s.io\r\n')
  const webSocket = upgraded(
    'websocket',
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${noise(16).toString('base64')}\r\nSec-WebSocket-Protocol: ${pick(['v5.channel.k8s.io', 'v4.channel.k8s.io', 'SPDY/3.1+portforward.k8s.io', 'nonsense'])}\r\n`,
  )
  // A sound SPDY SYN_STREAM or WebSocket head with random content behind it.
  const frame = pick([
    noise(64),
    Buffer.concat([Buffer.from('800300010000002000000001', 'hex'), noise(40)]),
    Buffer.concat([Buffer.from([0x82, 0xff]), noise(14)]),
    Buffer.concat([Buffer.from([0x82, 0x84]), noise(8)]),
    Buffer.from('8003000400ffffff', 'hex'),
  ])
  const start = pick<string>([
    'NONSENSE\r\n\r\n',
    noise(100).toString('latin1'),
    `GET ${maps} HTTP/1.1\r\n${auth}${'X-A: b\r\n'.repeat(3000)}\r\n`,
    `POST ${maps} HTTP/1.1\r\n${auth}Content-Length: 1000\r\n\r\n{"kind"`,
    `POST ${maps} HTTP/1.1\r\n${auth}Content-Length: -1\r\n\r\n{}`,
    `POST ${maps} HTTP/1.1\r\n${auth}Transfer-Encoding: chunked\r\n\r\nZZZ\r\n`,
    `GET /%zz HTTP/1.1\r\n${auth}\r\n`,
    `GET ${maps}?watch=1 HTTP/1.1\r\n${auth}\r\n`,
    `GET /nosuch HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n`,
    spdy,
    spdy,
    webSocket,
    webSocket,
  ])
  const slowly = random() < 0.05
  await new Promise<void>(done => {
    const socket = connect({ port: server.port, host: '127.0.0.1', ca: server.ca, servername: 'localhost' }, () => {
      socket.write(start.slice(0, slowly ? 20 : undefined), 'latin1')
      if (slowly) setTimeout(() => socket.destroyed || socket.write(start.slice(20), 'latin1'), 20)
    })
    let isUpgraded = false
    socket.on('data', () => {
      if (isUpgraded) return
      isUpgraded = true
      socket.write(frame)
    })
    // It is the server that must bear this, not we.
    socket.on('error', () => {})
    socket.once('close', () => done())
    setTimeout(() => socket.destroy(), slowly ? 80 : 5 + random() * 20)
  })
}
