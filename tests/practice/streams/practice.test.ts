// Every kubectl at hand against the practice cluster itself: what a learner types into a container, over TLS and with a token.

import { execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import pty from 'node-pty'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kubectls } from '../../../build/kubectls.ts'
import type { KubeObject } from '../../../electron/practice/object.ts'
import { createPractice, type Practice } from '../../../electron/practice/practice.ts'

const versions = await kubectls()
const large = randomBytes(20 * 1024 * 1024)
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let practice: Practice
let home: string
const faults: string[] = []
const environment = () => ({ PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, 'config') })
beforeAll(async () => {
  practice = await createPractice({ onError: (where, error) => faults.push(`${where}: ${error}`) })
  home = await mkdtemp(join(tmpdir(), 'streams-'))
  await writeFile(join(home, 'config'), practice.kubeconfig)
  await writeFile(join(home, 'large'), large)
  for (const [name, image] of [
    ['box', 'busybox'],
    ['web', 'openresty/openresty:alpine'],
  ] as const) {
    const command = name === 'box' ? { command: ['sleep', '86400'] } : {}
    practice.registry.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' } as KubeObject['metadata'],
      spec: { containers: [{ name, image, imagePullPolicy: 'IfNotPresent', ...command }] },
    })
  }
  await promisify(execFile)(versions.at(-1)!.path, ['wait', '--for=condition=Ready', 'pod/box', 'pod/web'], {
    env: environment(),
  })
}, 20_000)
afterAll(async () => {
  await practice.stop()
  await rm(home, { recursive: true })
  expect(faults).toEqual([])
})

describe.each(versions)('kubectl $version', ({ path, version }) => {
  const start = (...args: string[]) => spawn(path, args, { env: environment() })

  async function kubectl(args: string[], input?: string) {
    const child = start(...args)
    child.stdin.on('error', () => {}) // kubectl ended before it had read all
    if (input) createReadStream(input).pipe(child.stdin)
    else child.stdin.end()
    const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), buffer(child.stdout), buffer(child.stderr)])
    return { code: code as number, stdout, stderr: stderr.toString() }
  }

  test('exec keeps stdout, stderr and the exit code apart', async () => {
    const result = await kubectl(['exec', 'box', '--', 'sh', '-c', 'echo out; echo err >&2; exit 42'])
    expect(result).toEqual({ code: 42, stdout: Buffer.from('out\n'), stderr: 'err\ncommand terminated with exit code 42\n' })
  })

  test('exec -i carries 20 MB both ways', async () => {
    const result = await kubectl(['exec', '-i', 'box', '--', 'cat'], join(home, 'large'))
    expect({ code: result.code, digest: digest(result.stdout) }).toEqual({ code: 0, digest: digest(large) })
  })

  test('cp brings 20 MB in and out', async () => {
    const outside = join(home, `outside-${version}`)
    expect(await kubectl(['cp', join(home, 'large'), `box:/tmp/inside-${version}`])).toMatchObject({ code: 0 })
    expect(await kubectl(['cp', `box:/tmp/inside-${version}`, outside])).toMatchObject({ code: 0 })
    expect(digest(await readFile(outside))).toBe(digest(large))
    await Promise.all([rm(outside), kubectl(['exec', 'box', '--', 'rm', `/tmp/inside-${version}`])])
  })

  test('exec -it talks with a shell', async () => {
    const terminal = pty.spawn(path, ['exec', '-it', 'box', '--', 'sh'], { cols: 91, rows: 33, env: environment() })
    let seen = ''
    terminal.onData(text => {
      seen += text
    })
    const exited = new Promise<number>(resolve => terminal.onExit(exit => resolve(exit.exitCode)))
    await expect.poll(() => seen).toMatch(/# /)
    terminal.write('echo $((6*7))\r')
    await expect.poll(() => seen).toContain('\r\n42\r\n')
    terminal.write('exit 7\r')
    expect(await exited).toBe(7)
  })

  test('a terminal that is gone hangs up what runs in it', async () => {
    const sleeping = async () => (await kubectl(['exec', 'box', '--', 'ps'])).stdout.toString().includes('sleep 4321')
    const terminal = pty.spawn(path, ['exec', '-it', 'box', '--', 'sleep', '4321'], { env: environment() })
    await expect.poll(sleeping).toBe(true)
    terminal.kill('SIGKILL')
    await expect.poll(sleeping).toBe(false)
  })

  test('an unknown container is told in the words of Kubernetes', async () => {
    expect(await kubectl(['exec', 'box', '-c', 'nope', '--', 'true'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('container nope is not valid for pod box'),
    })
  })

  test('port-forward reaches the web server of a Pod', async () => {
    const child = start('port-forward', 'pod/web', ':80')
    const [told] = await once(child.stdout, 'data')
    const local = /127\.0\.0\.1:\d+/.exec(told.toString())?.[0]
    const answers = await Promise.all(Array.from({ length: 10 }, async () => (await fetch(`http://${local}/`)).text()))
    for (const answer of answers) expect(answer).toContain('Welcome to OpenResty')
    child.kill()
    await once(child, 'exit')
  })
})
