import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { connect } from '../../electron/rpc/connect.ts'
import { createPortTransport } from '../../electron/rpc/transports/message-port.ts'
import { contract } from './sample.ts'
import { rpcSuite } from './suite.ts'

const ports: { close(): void }[] = []

rpcSuite('MessagePort', async onHost => ({
  open: () => {
    const { port1, port2 } = new MessageChannel()
    ports.push(port1, port2)
    onHost(createPortTransport(port2))
    return createPortTransport(port1)
  },
  close: async () => {
    for (const port of ports.splice(0)) port.close()
  },
}))

describe('MessagePort', () => {
  it('rejects a call whose input cannot be cloned', async () => {
    const { port1 } = new MessageChannel()
    const client = connect(contract, createPortTransport(port1))
    const input = { a: 1, b: (() => 1) as unknown as number }
    await expect(client.math.add(input)).rejects.toMatchObject({ code: 'request.invalid' })
    port1.close()
  })
})
