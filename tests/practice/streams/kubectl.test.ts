// Every kubectl at hand against the streams: exec, cp, attach and port-forward as a learner uses them.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import pty from 'node-pty'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kubectls } from '../../../build/kubectls.ts'
import { listen, type StandIn, startStandIn } from './stand-in.ts'

const versions = await kubectls()
const large = randomBytes(20 * 1024 * 1024)
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let cluster: StandIn
let folder: string
beforeAll(async () => {
  cluster = await startStandIn()
  folder = await mkdtemp(join(tmpdir(), 'streams-'))
  await writeFile(join(folder, 'large'), large)
})
afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

test('there is a kubectl to test with', () => expect(versions.length).toBeGreaterThan(0))

describe.each(versions)('kubectl $version', ({ path, version }) => {
  const argv = (...args: string[]) => [
    '--server',
    cluster.url,
    '--kubeconfig',
    '/dev/null',
    '--cache-dir',
    join(folder, version),
    ...args,
  ]
  const environment = { ...process.env, KUBECONFIG: '/dev/null', HOME: folder }

  /** Runs kubectl to its end, with a file as its input where one is named. */
  async function kubectl(args: string[], input?: string) {
    const child = spawn(path, argv(...args), { env: environment })
    child.stdin.on('error', () => {}) // kubectl ended before it had read all
    if (input) createReadStream(input).pipe(child.stdin)
    else child.stdin.end()
    const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), buffer(child.stdout), buffer(child.stderr)])
    return { code: code as number, stdout, stderr: stderr.toString() }
  }

  test('exec keeps stdout, stderr and the exit code apart', async () => {
    const result = await kubectl(['exec', 'box', '--', 'sh', '-c', 'echo out; echo err >&2; exit 42'])
    expect(result.stdout.toString()).toBe('out\n')
    expect(result.stderr).toBe('err\ncommand terminated with exit code 42\n')
    expect(result.code).toBe(42)
  })

  test('exec and port-forward take the wire that this version prefers', async () => {
    const minor = Number(version.split('.')[1])
    await kubectl(['exec', 'box', '--', 'true'])
    expect(cluster.upgrades.at(-1)).toBe(minor >= 30 ? 'exec v5.channel.k8s.io' : 'exec SPDY/3.1')
    const child = spawn(path, argv('port-forward', 'pod/box', ':1'), { env: environment })
    await once(child.stdout, 'data')
    expect(cluster.upgrades.at(-1)).toBe(minor >= 31 ? 'portforward SPDY/3.1+portforward.k8s.io' : 'portforward SPDY/3.1')
    await stop(child)
  })

  test('exec ends with 0 and nothing else', async () => {
    expect(await kubectl(['exec', 'box', '--', 'true'])).toEqual({ code: 0, stdout: Buffer.alloc(0), stderr: '' })
  })

  test('exec -i carries 20 MB both ways, byte for byte', async () => {
    const result = await kubectl(['exec', '-i', 'box', '--', 'cat'], join(folder, 'large'))
    expect(result.stderr).toBe('')
    expect(digest(result.stdout)).toBe(digest(large))
  })

  test('exec -i ends though the command reads none of its 20 MB of input', async () => {
    const result = await kubectl(['exec', '-i', 'box', '--', 'sh', '-c', 'sleep 0.2; echo done'], join(folder, 'large'))
    expect(result).toMatchObject({ code: 0, stdout: Buffer.from('done\n') })
  })

  test('a kubectl whose output nobody reads holds the command back', async () => {
    const before = cluster.running
    const child = spawn(path, argv('exec', 'box', '--', 'head', '-c', '50000000', '/dev/zero'), { env: environment })
    await expect.poll(() => cluster.running).toBe(before + 1)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(cluster.running).toBe(before + 1)
    expect((await buffer(child.stdout)).length).toBe(50_000_000)
    expect(cluster.running).toBe(before)
  })

  test('cp brings 20 MB in and out', async () => {
    const inside = join(folder, `inside-${version}`)
    const outside = join(folder, `outside-${version}`)
    expect(await kubectl(['cp', join(folder, 'large'), `box:${inside}`])).toMatchObject({ code: 0 })
    expect(digest(await readFile(inside))).toBe(digest(large))
    expect(await kubectl(['cp', `box:${inside}`, outside])).toMatchObject({ code: 0 })
    expect(digest(await readFile(outside))).toBe(digest(large))
    await Promise.all([rm(inside), rm(outside)])
  })

  test('a program that cannot be started is told in words', async () => {
    const result = await kubectl(['exec', 'box', '--', '/no/such/program'])
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('error executing command in container: spawn /no/such/program ENOENT')
  })

  test('an unknown container is refused before the upgrade', async () => {
    const { status } = JSON.parse(await (await fetch(`${cluster.url}/api/v1/namespaces/default/pods/none`)).text()) as {
      status: string
    }
    expect(status).toBe('Failure')
    const result = await kubectl(['exec', 'box', '-c', 'nope', '--', 'true'])
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('container nope is not valid for pod box')
  })

  test('exec -it has a terminal that follows the size of ours', async () => {
    const terminal = pty.spawn(path, argv('exec', '-it', 'box', '--', 'sh'), { cols: 91, rows: 33, env: environment })
    let seen = ''
    terminal.onData(text => {
      seen += text
    })
    const exited = new Promise<number>(resolve => terminal.onExit(exit => resolve(exit.exitCode)))
    await expect.poll(() => seen).toMatch(/[$#] $/)
    terminal.write('stty size\r')
    await expect.poll(() => seen).toContain('33 91\r\n')
    terminal.resize(120, 40)
    await expect
      .poll(() => {
        terminal.write('stty size\r')
        return seen
      })
      .toContain('40 120\r\n')
    terminal.write("echo wait''ing; sleep 30\r")
    await expect.poll(() => seen).toContain('waiting\r\n')
    terminal.write('\u0003')
    await expect.poll(() => seen).toMatch(/\^C[\s\S]*[$#] $/)
    terminal.write('exit 7\r')
    expect(await exited).toBe(7)
  })

  test('a killed kubectl ends what it had started', async () => {
    const before = cluster.running
    const child = spawn(path, argv('exec', 'box', '--', 'sleep', '60'), { env: environment })
    await expect.poll(() => cluster.running).toBe(before + 1)
    child.kill('SIGKILL')
    await expect.poll(() => cluster.running).toBe(before)
  })

  test('attach reaches the main process', async () => {
    await writeFile(join(folder, 'line'), 'hello\n')
    const result = await kubectl(['attach', '-i', 'box'], join(folder, 'line'))
    expect(result.stdout.toString()).toContain('main process got hello\n')
  })

  test('port-forward carries small, large and many answers, and says why a port fails', async () => {
    const web = createHttpServer(async (request, response) => {
      if (request.method === 'GET') return response.end(request.url === '/large' ? large : 'hello')
      response.end(digest(await buffer(request)))
    })
    const port = await listen(web)
    const child = spawn(path, argv('port-forward', 'pod/box', `:${port}`, ':1'), { env: environment })
    let told = ''
    child.stdout.on('data', text => {
      told += text
    })
    child.stderr.on('data', text => {
      told += text
    })
    await expect.poll(() => told).toMatch(/127\.0\.0\.1:\d+ -> \d+\n[\s\S]*127\.0\.0\.1:\d+ -> 1\n/)
    const [local, broken] = [...told.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, number]) => `http://127.0.0.1:${number}`)
    expect(await curl(`${local}/`)).toBe('hello')
    expect(await Promise.all(Array.from({ length: 20 }, () => curl(`${local}/`)))).toEqual(Array(20).fill('hello'))
    expect(digest(await curlBytes(`${local}/large`))).toBe(digest(large))
    expect(await curl('--data-binary', `@${join(folder, 'large')}`, `${local}/`)).toBe(digest(large))
    await expect(curl(`${broken}/`)).rejects.toThrow()
    await expect.poll(() => told).toContain('connect ECONNREFUSED 127.0.0.1:1')
    await stop(child)
    web.close()
  })

  test('port-forward keeps each half of a connection open for itself', async () => {
    const counter = createTcpServer({ allowHalfOpen: true }, async socket => {
      const { length } = await buffer(socket.iterator({ destroyOnReturn: false }))
      socket.end(`read ${length}`)
    })
    const port = await listen(counter)
    const child = spawn(path, argv('port-forward', 'pod/box', `:${port}`), { env: environment })
    const [told] = await once(child.stdout, 'data')
    const local = connect({ host: '127.0.0.1', port: Number(/127\.0\.0\.1:(\d+)/.exec(told.toString())?.[1]) })
    local.end(large.subarray(0, 1_000_000))
    expect((await buffer(local)).toString()).toBe('read 1000000')
    await stop(child)
    counter.close()
  })
})

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  // kubectl may have ended by itself: since 1.31 it does after a forward that failed.
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await exited
}

const run = (file: string, args: string[]) =>
  new Promise<{ stdout: string; bytes: Buffer }>((resolve, reject) =>
    execFile(file, args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
      error ? reject(error) : resolve({ stdout: stdout.toString(), bytes: stdout }),
    ),
  )
const curlBytes = async (...args: string[]) =>
  (await run('curl', ['--silent', '--fail', '--noproxy', '*', '--max-time', '15', ...args])).bytes
const curl = async (...args: string[]) => (await curlBytes(...args)).toString()
