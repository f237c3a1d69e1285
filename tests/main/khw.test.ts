// The command line as a script meets it: real processes, exit codes, JSON lines, a real kubectl.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createKubectlFinder } from '../../electron/platform/kubectl.ts'
import { run } from '../../electron/platform/run.ts'

const root = resolve(import.meta.dirname, '../..')
const node = join(root, 'node_modules/.bin/node')
const entry = join(root, 'electron/main/khw.ts')
let home = ''
const started: ChildProcess[] = []

const environment = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  HOME: home,
  XDG_RUNTIME_DIR: join(home, 'run'),
  LANG: 'C.UTF-8',
  ...more,
})
const khw = (args: string[], more: Record<string, string> = {}) =>
  run([node, entry, ...args], { env: environment(more), timeout: 20_000 })

/** A command that goes on until told to stop, and its next line of output. */
const start = (args: string[], more: Record<string, string> = {}) => {
  const child = spawn(node, [entry, ...args], { env: environment(more), stdio: ['pipe', 'pipe', 'pipe'] })
  started.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string
  const end = async (signal: NodeJS.Signals) => {
    const exit = once(child, 'exit')
    child.kill(signal)
    return (await exit)[0] as number | null
  }
  return { child, next, nextJson: async () => JSON.parse(await next()) as Record<string, unknown>, end }
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'khw-cli-'))
})
afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('khw', () => {
  it('helps in both languages, with examples', async () => {
    const chinese = await khw(['--help'])
    const english = await khw(['--help', '--lang', 'en'])
    expect([chinese.code, english.code]).toEqual([0, 0])
    for (const command of ['serve', 'practice', 'lesson', 'doctor', 'diagnose']) {
      expect(chinese.stdout).toContain(`  ${command}`)
      expect(english.stdout).toContain(`  ${command}`)
    }
    expect(chinese.stdout).toContain('例子')
    expect(english.stdout).toContain('Examples:')
    expect((await khw(['--help'], { LANG: 'en_GB.UTF-8' })).stdout).toBe(english.stdout)
    expect(existsSync(join(home, '.config'))).toBe(false)
  })

  it.each(['serve', 'practice', 'lesson', 'doctor', 'diagnose'])('explains %s with an example', async command => {
    const { code, stdout } = await khw([command, '--help', '--lang', 'en'])
    expect(code).toBe(0)
    expect(stdout).toContain(`khw ${command}`)
    expect(stdout).toContain('Examples:')
  })

  it('says its version', async () => {
    expect(await khw(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' })
  })

  it.each([
    [[]],
    [['nope']],
    [['serve', '--bogus']],
    [['serve', '--port', 'x']],
    [['serve', '--port', '70000']],
    [['practice', '--nodes', '0']],
    [['--lang', 'fr']],
  ])('answers 2 to %j and prints nothing on stdout', async args => {
    const { code, stdout, stderr } = await khw(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stderr).not.toBe('')
  })

  it('says errors as JSON where JSON is asked for', async () => {
    const { code, stdout, stderr } = await khw(['serve', '--port', 'x', '--json', '--lang', 'en'])
    expect([code, stdout]).toEqual([2, ''])
    expect(JSON.parse(stderr)).toMatchObject({
      error: { id: 'KHW-001', code: 'request.invalid', what: expect.stringContaining('--port x') },
    })
  })

  it('answers 3 to a taken port, and says which', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const port = String((server.address() as { port: number }).port)
    for (const command of ['serve', 'practice']) {
      const { code, stderr } = await khw([command, '--port', port, '--json'])
      expect([command, code]).toEqual([command, 3])
      expect(JSON.parse(stderr.trim())).toMatchObject({ error: { id: 'KHW-012', details: { port: Number(port) } } })
    }
    server.close()
  })
})

describe('khw serve', () => {
  it('says at once what is wrong with a deck, by file and line, and goes on: it may be mended while it is shown', async () => {
    const deck = mkdtempSync(join(home, 'deck-'))
    writeFileSync(join(deck, '010-one.md'), '---\ntitle: One\nlayout: poster\n---\n')
    const { child, nextJson, end } = start(['serve', '--no-open', '--json', '--lang', 'en', '--deck', deck])
    expect(await nextJson()).toHaveProperty('url')
    const [told] = await once(child.stderr, 'data')
    const { error } = JSON.parse(String(told)) as { error: { id: string; why: string } }
    expect(error.id).toBe('KHW-050')
    expect(error.why).toBe('010-one.md:3: layout It is one of: cover, section, prose, diagram.')
    expect(await end('SIGTERM')).toBe(0)
  })

  it('gives a link that opens once, a fresh one for each Enter, and ends with 0', async () => {
    const { child, nextJson, end } = start(['serve', '--no-open', '--json'])
    const first = await nextJson()
    expect(first).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#k=/), opened: false })
    child.stdin?.write('\n')
    const second = await nextJson()
    expect(second.port).toBe(first.port)
    const open = (url: unknown) =>
      fetch(`http://127.0.0.1:${first.port}/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: `http://127.0.0.1:${first.port}` },
        body: JSON.stringify({ code: String(url).split('#k=')[1] }),
      }).then(({ status }) => status)
    expect([await open(first.url), await open(first.url), await open(second.url)]).toEqual([200, 403, 200])
    expect(await end('SIGTERM')).toBe(0)
  })

  it('gives a fresh link for SIGUSR2, and outlives a closed stdin', async () => {
    const { child, nextJson, end } = start(['serve', '--no-open', '--json'])
    const first = await nextJson()
    child.stdin?.end()
    child.kill('SIGUSR2')
    expect((await nextJson()).url).not.toBe(first.url)
    expect(await end('SIGINT')).toBe(0)
  })

  it('runs where the home folder cannot be written, and says so', async () => {
    writeFileSync(join(home, 'file'), '')
    const { child, nextJson, end } = start(['serve', '--no-open', '--json'], { HOME: join(home, 'file/below'), TMPDIR: home })
    let words = ''
    child.stderr?.on('data', chunk => {
      words += chunk
    })
    await nextJson()
    expect(await end('SIGTERM')).toBe(0)
    expect(
      words
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).error.id),
    ).toEqual(['KHW-010', 'KHW-010', 'KHW-010'])
  })
})

describe('khw practice', () => {
  it('prints one JSON line once a kubectl can use it, and ends with 0', async () => {
    const kubectl = await createKubectlFinder()()
    if (!kubectl) throw new Error('this test needs a kubectl')
    const file = join(home, 'my config.yaml')
    const { next, end } = start(['practice', '--port', '0', '--kubeconfig', file, '--nodes', '3', '--json'])
    const ready = JSON.parse(await next()) as { server: string; kubeconfig: string; readyMs: number }
    expect(ready).toMatchObject({ server: expect.stringMatching(/^https?:\/\/127\.0\.0\.1:\d+$/), kubeconfig: file })
    expect(ready.readyMs).toBeGreaterThan(0)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: file }
    const nodes = await run([kubectl.path, 'get', 'nodes', '-o', 'name'], { env, timeout: 15_000 })
    expect(nodes).toMatchObject({ code: 0, stdout: 'node/node1\nnode/node2\nnode/node3\n' })
    expect(await end('SIGTERM')).toBe(0)
    expect(existsSync(file)).toBe(true)
  })

  it('keeps its kubeconfig private and prints how to use it; takes it away at the end', async () => {
    const { next, end } = start(['practice', '--lang', 'en'])
    expect(await next()).toMatch(/^The practice cluster is ready: https?:/)
    const path = /^export KUBECONFIG=(\S+)$/.exec(await next())?.[1] ?? ''
    expect(path.startsWith(join(home, 'run'))).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await end('SIGINT')).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  it('says what is wrong with a kubeconfig that cannot be written, and leaves no cluster behind', async () => {
    writeFileSync(join(home, 'file2'), '')
    const second = await khw(['practice', '--kubeconfig', join(home, 'file2/x'), '--json'])
    expect(second.code).toBe(3)
    expect(JSON.parse(second.stderr.trim())).toMatchObject({ error: { id: 'KHW-010' } })
  })
})

describe('khw doctor', () => {
  it('names what is missing, how to get it, and answers 1', async () => {
    const { code, stdout } = await khw(['doctor', '--json'], { PATH: '/nowhere' })
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { id: string; state: string; next?: string }[] }
    expect([code, ok]).toEqual([1, false])
    expect(checks.map(({ id }) => id)).toEqual(['node', 'storage', 'kubectl', 'display', 'practice'])
    const kubectl = checks.find(({ id }) => id === 'kubectl')
    expect(kubectl?.state).toBe('failed')
    expect(kubectl?.next).not.toBe('')
    expect(checks.find(({ id }) => id === 'node')?.state).toBe('ok')
  })
})

describe('khw diagnose', () => {
  it('names what is not ready, and ends with 1; a healthy cluster ends with 0; no cluster with 3', async () => {
    const kubeconfig = join(home, 'diagnose.yaml')
    const { nextJson } = start(['practice', '--port', '0', '--kubeconfig', kubeconfig, '--json'])
    await nextJson()
    const kubectl = (...args: string[]) => run(['kubectl', ...args], { env: { ...process.env, KUBECONFIG: kubeconfig } })
    const healthy = await khw(['diagnose', '--kubeconfig', kubeconfig, '--lang', 'en'])
    expect(healthy).toMatchObject({ code: 0, stdout: '● No trouble found.\n' })
    await kubectl('run', 'lone', '--image=nginx:nosuch')
    await kubectl('create', 'namespace', 'shop')
    await expect.poll(async () => (await khw(['diagnose', '--kubeconfig', kubeconfig])).code, { timeout: 20_000 }).toBe(1)
    const told = await khw(['diagnose', '--lang', 'en'], { KUBECONFIG: kubeconfig })
    expect(told.code).toBe(1)
    expect(told.stdout).toMatch(
      /Pod lone.+no tag nosuch \(KHW-301\).+\$ kubectl set image pod\/lone lone=nginx:TAG.+1 trouble\./s,
    )
    const json = await khw(['diagnose', '--kubeconfig', kubeconfig, '--context', 'practice', '--json'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      id: 'KHW-301',
      cause: 'image.notFound',
      subject: { kind: 'Pod', name: 'lone' },
    })
    expect((await khw(['diagnose', '--kubeconfig', kubeconfig, '-n', 'shop'])).code).toBe(0)
    expect((await khw(['diagnose', '--kubeconfig', join(home, 'none'), '--json'])).stderr).toContain('KHW-034')
    expect((await khw(['diagnose', '--kubeconfig', kubeconfig, '--context', 'other'])).code).toBe(3)
  }, 60_000)
})
