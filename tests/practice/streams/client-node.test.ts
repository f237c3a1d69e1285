// The JavaScript client against the streams: what our own windows and other people's programs use.

import { once } from 'node:events'
import { createServer } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { Attach, Exec, KubeConfig, PortForward, type V1Status } from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listen, type StandIn, startStandIn } from './stand-in.ts'

let cluster: StandIn
const config = new KubeConfig()
beforeAll(async () => {
  cluster = await startStandIn()
  config.loadFromClusterAndUser({ name: 'box', server: cluster.url, skipTLSVerify: true }, { name: 'nobody' })
})
afterAll(() => cluster.close())

/** Runs a command to its Status. */
async function exec(command: string[], input: Readable | null = null) {
  const out = new PassThrough()
  const err = new PassThrough()
  const output = Promise.all([buffer(out), text(err)])
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config).exec('default', 'box', 'shell', command, out, err, input, false, resolve).catch(reject)
  })
  const [stdout, stderr] = await output
  return { status, stdout, stderr }
}

test('exec tells output and success', async () => {
  const { status, stdout, stderr } = await exec(['sh', '-c', 'echo out; echo err >&2'])
  expect({ status, stdout: stdout.toString(), stderr }).toEqual({
    status: { metadata: {}, status: 'Success' },
    stdout: 'out\n',
    stderr: 'err\n',
  })
})

test('exec tells an exit code the way Kubernetes does', async () => {
  const { status } = await exec(['sh', '-c', 'exit 3'])
  expect(status).toMatchObject({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  })
})

test('exec ends its input where the client does', async () => {
  const bytes = Buffer.alloc(3_000_000, 'x')
  const { stdout } = await exec(['wc', '-c'], Readable.from([bytes]))
  expect(stdout.toString().trim()).toBe('3000000')
})

test('attach reaches the main process', async () => {
  const out = new PassThrough()
  const webSocket = await new Attach(config).attach(
    'default',
    'box',
    'shell',
    out,
    new PassThrough(),
    Readable.from(['hello\n']),
    false,
  )
  expect(await text(out)).toBe('main process got hello\n')
  webSocket.close()
})

test('port-forward carries both directions', async () => {
  const echo = createServer(socket => socket.pipe(socket))
  const port = await listen(echo)
  const input = new PassThrough()
  const output = new PassThrough()
  await new PortForward(config).portForward('default', 'box', [port], output, null, input)
  input.write('ping')
  const [answer] = await once(output, 'data')
  expect(answer.toString()).toBe('ping')
  input.end()
  echo.close()
})

test('port-forward tells on its error channel why a port fails', async () => {
  const errors = new PassThrough()
  await new PortForward(config).portForward('default', 'box', [1], new PassThrough(), errors, new PassThrough())
  const [message] = await once(errors, 'data')
  expect(message.toString()).toBe('error forwarding port 1 to pod box, uid : connect ECONNREFUSED 127.0.0.1:1')
})
