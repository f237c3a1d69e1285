// A bad day on the command line: taken ports, homes that cannot be written, no kubectl, broken kubeconfigs. Real processes.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
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

/** What every complaint must be: three lines for people, with the id and no stack. */
const expectWords = (stderr: string, id: string) => {
  expect(stderr).toMatch(new RegExp(`^.+ \\(${id}\\)\\n  .+\\n  .+\\n$`))
}
const problemOf = (stderr: string) => (JSON.parse(stderr) as { error: Record<string, unknown> }).error

/** A home in which nothing can be made: the kernel's own for root, whom permissions do not stop; else a locked folder. */
const lockedHome = (): string => {
  if (process.getuid?.() === 0) return '/proc'
  const path = join(home, 'locked')
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o500)
  return path
}
const nowhere = (): Record<string, string> => {
  const path = lockedHome()
  return { HOME: path, XDG_RUNTIME_DIR: path, TMPDIR: path }
}

/** A PATH with everything that a shell needs except kubectl. */
const pathWithoutKubectl = (): string => {
  const folder = join(home, 'bin')
  mkdirSync(folder, { recursive: true })
  for (const from of ['/usr/bin', '/bin'])
    for (const name of ['sh', 'bash', 'ls', 'cat', 'id'])
      if (readdirSync(from).includes(name) && !readdirSync(folder).includes(name))
        symlinkSync(join(from, name), join(folder, name))
  return folder
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'khw-bad-day-'))
})
afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('a port that another program holds', () => {
  let server: Server
  let port = 0
  let visitors = 0
  beforeAll(async () => {
    server = createServer(socket => {
      visitors += 1
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as { port: number }).port
  })
  afterAll(() => server.close())

  it.each(['serve', 'practice'])('%s says what, why and what next, and ends with 3', async command => {
    for (const language of ['zh-CN', 'en']) {
      const args = command === 'serve' ? ['serve', '--no-open'] : ['practice']
      const { code, stdout, stderr } = await khw([...args, '--port', String(port), '--lang', language])
      expect([command, code, stdout]).toEqual([command, 3, ''])
      expectWords(stderr, 'KHW-012')
      expect(stderr).toContain(String(port))
    }
    const { code, stderr } = await khw([command, '--port', String(port), '--json', '--lang', 'en'])
    expect(code).toBe(3)
    expect(problemOf(stderr)).toMatchObject({ id: 'KHW-012', code: 'port.taken', details: { port } })
    for (const part of ['what', 'why', 'next']) expect(problemOf(stderr)[part]).toMatch(/^\S.*\S$/)
    expect(visitors).toBe(0)
  })

  it('does not write a kubeconfig for a cluster that never was', async () => {
    const file = join(home, 'theirs.yaml')
    writeFileSync(file, 'kept: as it is\n')
    expect((await khw(['practice', '--port', String(port), '--kubeconfig', file])).code).toBe(3)
    expect(readFileSync(file, 'utf8')).toBe('kept: as it is\n')
  })
})

describe('a home that cannot be written', () => {
  it('serves from temporary folders, and names each folder that it could not use', async () => {
    const locked = lockedHome()
    const args = ['serve', '--no-open', '--json', '--lang', 'en']
    const child = spawn(node, [entry, ...args], {
      env: environment({ HOME: locked, TMPDIR: home }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    started.push(child)
    let words = ''
    child.stderr.on('data', chunk => {
      words += chunk
    })
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    expect(JSON.parse(line)).toMatchObject({ url: expect.stringContaining('#k=') })
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await exit)[0]).toBe(0)
    const problems = words.trim().split('\n').map(problemOf)
    expect(problems.map(({ code }) => code)).toEqual(['storage.unwritable', 'storage.unwritable', 'storage.unwritable'])
    for (const { why } of problems) expect(why).toContain(`${locked}/`)
  })

  it.each(['practice', 'serve'])('%s ends with 3 where not even a temporary folder can be made', async command => {
    const { code, stdout, stderr } = await khw([command, '--lang', 'en'], nowhere())
    expect([command, code, stdout]).toEqual([command, 3, ''])
    expectWords(stderr, 'KHW-010')
    expect(problemOf((await khw([command, '--json'], nowhere())).stderr)).toMatchObject({ code: 'storage.unwritable' })
  })

  it('doctor goes on and names the folder', async () => {
    const { code, stdout } = await khw(['doctor', '--json'], nowhere())
    expect(code).toBe(1)
    const { checks } = JSON.parse(stdout) as { checks: { id: string; state: string; seen: string; next?: string }[] }
    expect(checks.find(({ id }) => id === 'storage')).toMatchObject({
      state: 'failed',
      seen: expect.stringContaining(lockedHome()),
      next: expect.any(String),
    })
    expect(checks.map(({ id }) => id)).toContain('practice')
  })

  it('says which kubeconfig cannot be written, and ends with 3', async () => {
    const { code, stderr } = await khw(['practice', '--kubeconfig', `${lockedHome()}/config`, '--lang', 'en'])
    expect(code).toBe(3)
    expectWords(stderr, 'KHW-010')
  })
})

describe('no kubectl', () => {
  it.each([
    ['zh-CN', '没有 kubectl'],
    ['en', 'no kubectl'],
  ])('doctor says so and how to get one, in %s', async (language, words) => {
    const { code, stdout } = await khw(['doctor', '--lang', language], { PATH: pathWithoutKubectl() })
    expect(code).toBe(1)
    expect(stdout).toMatch(new RegExp(`◆ kubectl.*${words}`))
    expect(stdout).toContain('sudo snap install kubectl --classic')
  })

  it('lessons cannot be verified, and say why', async () => {
    const { code, stderr } = await khw(['lesson', 'verify', '01-pod', '--lang', 'en'], { PATH: pathWithoutKubectl() })
    expect(code).toBe(3)
    expectWords(stderr, 'KHW-020')
  })
})

describe('a kubeconfig that makes no sense', () => {
  it.each([
    ['broken YAML', 'apiVersion: v1\nclusters: [\n'],
    ['a context that is not there', 'apiVersion: v1\nkind: Config\ncurrent-context: gone\n'],
    ['no kubeconfig at all', 'hello\n'],
  ])('%s: told with the path, left as it was', async (_, text) => {
    const file = join(home, 'config')
    writeFileSync(file, text)
    const { code, stdout, stderr } = await khw(['lesson', 'verify', '01-pod', '--kubeconfig', file, '--json'])
    expect([code, stdout]).toEqual([3, ''])
    expect(problemOf(stderr)).toMatchObject({ id: 'KHW-034', details: { path: file } })
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('one that is not there is told too', async () => {
    const { code, stderr } = await khw(['lesson', 'verify', '01-pod', '--kubeconfig', join(home, 'absent'), '--json'])
    expect(code).toBe(3)
    expect(problemOf(stderr)).toMatchObject({ id: 'KHW-034' })
  })
})
