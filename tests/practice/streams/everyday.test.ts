// What one does every day with what runs: run --rm, attach, cp, port-forward and logs, by the newest kubectl at hand.

import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import pty from 'node-pty'
import { beforeAll, describe, expect, test } from 'vitest'
import { clusterForTests } from '../api/harness.ts'
import { kubectlAt, newest } from '../api/kubectl-at.ts'

const cluster = clusterForTests()
const { start, run, good, apply } = kubectlAt(cluster)

const pod = (name: string, script: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script], ...more }],
  },
})
const lines = (out: string) => out.split('\n').filter(Boolean)

describe.skipIf(!newest)(`kubectl${newest ? '' : ' (skipped: none on this machine)'}`, () => {
  beforeAll(async () => {
    await apply(pod('echo', 'cat', { stdin: true }))
    await apply(pod('talker', 'for i in 1 2 3 4 5; do echo line $i; done; sleep 86400'))
    await apply(pod('late', 'sleep 3; echo first; sleep 1; echo second'))
    await apply(pod('unplaced', 'sleep 1', { resources: { requests: { cpu: '100' } } }))
    await apply(pod('crash', 'echo I die; exit 3'))
    await apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'openresty/openresty:alpine' }] },
        },
      },
    })
    await good('expose', 'deployment', 'web', '--port=8080', '--target-port=80')
    await good('create', 'service', 'clusterip', 'nobody', '--tcp=80')
    await good('rollout', 'status', 'deployment/web', '--timeout=20s')
    await good('wait', '--for=condition=Ready', 'pod/echo', 'pod/talker', '--timeout=20s')
  }, 60_000)

  test('run -i --rm runs to the end, tells its code, and leaves nothing', async () => {
    const args = ['run', 'once', '-i', '--rm', '--restart=Never', '--image=busybox:1.36', '--quiet', '--']
    const counted = await run([...args, 'wc', '-c'], 'twelve bytes')
    expect([counted.code, counted.out.trim()]).toEqual([0, '12'])
    const failed = await run([...args, 'sh', '-c', 'exit 7'])
    expect(failed.code).toBe(7)
    expect(failed.err).toContain('pod default/once terminated (Error)')
    expect((await run(['get', 'pod', 'once'])).err).toContain('pods "once" not found')
  }, 40_000)

  test('run -it --rm is a shell', async () => {
    const env = { ...process.env, KUBECONFIG: join(cluster.folder, 'config'), HOME: cluster.folder } as Record<string, string>
    const args = ['run', 'shell', '-it', '--rm', '--restart=Never', '--image=busybox:1.36', '--', 'sh']
    const terminal = pty.spawn(newest!.path, args, { env, cols: 80, rows: 24 })
    let screen = ''
    terminal.onData(data => {
      screen += data
    })
    const ended = new Promise<number>(done => terminal.onExit(({ exitCode }) => done(exitCode)))
    try {
      await expect.poll(() => screen, { timeout: 20_000 }).toContain('/ # ')
      terminal.write('echo $((6 * 7)) on $(hostname)\r')
      await expect.poll(() => screen, { timeout: 10_000 }).toContain('42 on shell')
      terminal.write('exit\r')
      expect(await ended).toBe(0)
      expect(screen).toContain('pod "shell" deleted')
    } finally {
      terminal.kill()
    }
  }, 60_000)

  test('attach talks with the main process, whose log has it, too', async () => {
    const child = start('attach', '-i', 'echo')
    let heard = ''
    child.stdout.on('data', chunk => {
      heard += chunk
    })
    child.stdin.write('hello\n')
    await expect.poll(() => heard, { timeout: 10_000 }).toBe('hello\n')
    child.kill()
    await once(child, 'exit')
    expect(await good('logs', 'echo')).toBe('hello\n')
    // Its input is still open for whoever comes next.
    const next = start('attach', '-i', 'echo')
    next.stdin.write('again\n')
    await expect.poll(() => good('logs', 'echo'), { timeout: 10_000 }).toBe('hello\nagain\n')
    next.kill()
    await once(next, 'exit')
    const wrong = await run(['attach', 'echo', '-c', 'nosuch'])
    expect(wrong.code).toBe(1)
    expect(wrong.err).toContain('container nosuch is not valid for pod echo out of: main')
  }, 30_000)

  test('cp brings files and folders in and out', async () => {
    const at = (...names: string[]) => join(cluster.folder, ...names)
    mkdirSync(at('tree', 'deep'), { recursive: true })
    writeFileSync(at('tree', 'deep', 'a'), 'one\n')
    writeFileSync(at('tree', 'b'), 'two\n')
    await good('cp', at('tree'), 'talker:/tmp/tree')
    expect(await good('exec', 'talker', '--', 'cat', '/tmp/tree/deep/a', '/tmp/tree/b')).toBe('one\ntwo\n')
    await good('exec', 'talker', '--', 'sh', '-c', 'echo three > /tmp/tree/deep/c')
    await good('cp', 'default/talker:/tmp/tree', at('back'), '-c', 'main')
    expect(['deep/a', 'deep/c', 'b'].map(name => readFileSync(at('back', name), 'utf8'))).toEqual(['one\n', 'three\n', 'two\n'])
    await run(['cp', 'talker:/nosuch', at('nothing')])
    expect(existsSync(at('nothing'))).toBe(false)
  }, 30_000)

  test('port-forward to a Service reaches one of its Pods', async () => {
    const child = start('port-forward', 'service/web', ':8080')
    let said = ''
    child.stdout.on('data', chunk => {
      said += chunk
    })
    await expect.poll(() => said, { timeout: 10_000 }).toMatch(/^Forwarding from 127\.0\.0\.1:\d+ -> 80\n/)
    const port = /127\.0\.0\.1:(\d+)/.exec(said)![1]
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
    child.kill()
    await once(child, 'exit')
  }, 30_000)

  test.each([
    ['service/nosuch', '8080', 'services "nosuch" not found'],
    ['service/web', '81', 'Service web does not have a service port 81'],
    ['service/nobody', '80', 'timed out waiting for the condition'],
    ['pod/nosuch', '80', 'pods "nosuch" not found'],
    ['pod/unplaced', '80', 'unable to forward port because pod is not running. Current status=Pending'],
  ])(
    'port-forward %s %s: %s',
    async (what, port, words) => {
      const { code, err } = await run(['port-forward', what, `:${port}`, '--pod-running-timeout=1s'])
      expect(err).toContain(words)
      expect(code).toBe(1)
    },
    30_000,
  )

  test('logs: the last lines, since when, of whom', async () => {
    expect(await good('logs', 'talker', '--tail=2')).toBe('line 4\nline 5\n')
    expect(await good('logs', 'talker', '--since=1h', '--tail=1', '--prefix')).toBe('[pod/talker/main] line 5\n')
    await sleep(1100)
    expect(await good('logs', 'talker', '--since=1s')).toBe('')
    expect(await good('logs', 'talker', '--limit-bytes=6')).toBe('line 1')
    const stamped = await good('logs', 'talker', '--timestamps', '--tail=1')
    expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z line 5\n$/)
    const [since] = stamped.split(' ')
    expect(await good('logs', 'talker', `--since-time=${since!.slice(0, 19)}Z`)).toContain('line 5\n')
    const names = lines(await good('get', 'pods', '-l', 'app=web', '-o', 'name'))
    const forwarded = start('port-forward', names[0]!, ':80')
    await once(forwarded.stdout, 'data').then(async ([chunk]) => {
      await fetch(`http://127.0.0.1:${/127\.0\.0\.1:(\d+)/.exec(String(chunk))![1]}/`)
    })
    forwarded.kill()
    const all = lines(await good('logs', '-l', 'app=web', '--prefix', '--tail=1'))
    expect(all).toHaveLength(1)
    expect(all[0]).toMatch(new RegExp(`^\\[${names[0]}/web\\] .*"GET / HTTP/1.1" 200`))
  }, 40_000)

  test('logs -f follows to the end; --previous tells of the one before', async () => {
    const child = start('logs', '-f', 'late')
    expect(await text(child.stdout)).toMatch(/^(Error.*\n)?first\nsecond\n$/)
    await expect
      .poll(async () => (await run(['logs', 'crash', '--previous'])).out, { timeout: 20_000, interval: 500 })
      .toBe('I die\n')
    const none = await run(['logs', 'talker', '--previous'])
    expect(none).toMatchObject({
      code: 1,
      err: 'Error from server (BadRequest): previous terminated container "main" in pod "talker" not found\n',
    })
    expect((await run(['logs', 'talker', '-c', 'nosuch'])).err).toContain('container nosuch is not valid for pod talker')
  }, 60_000)
})
