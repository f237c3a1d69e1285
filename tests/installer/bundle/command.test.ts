import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { allImages, hasSquashfs, noSquashfs, type Opened, open } from './open.ts'

const root = join(import.meta.dirname, '../../..')

let opened: Opened
let place: string
beforeEach(async () => {
  opened = await open()
  place = mkdtempSync(join(tmpdir(), 'lock-'))
  writeFileSync(join(place, 'bundle.lock.json'), JSON.stringify(opened.lock))
})
afterEach(async () => {
  await opened.close()
  rmSync(place, { recursive: true })
})

interface Ran {
  code: number | null
  lines: Record<string, unknown>[]
  error: Record<string, unknown>
}

const khw = (args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Ran> =>
  new Promise(resolve => {
    const child = spawn(
      process.execPath,
      [join(root, 'electron/main/khw.ts'), 'bundle', ...args, '--json', '--bundle', opened.folder],
      {
        env: { ...process.env, HTTP_PROXY: '', http_proxy: '' },
      },
    )
    let out = ''
    let error = ''
    child.stdout.on('data', chunk => {
      out += chunk
    })
    child.stderr.on('data', chunk => {
      error += chunk
    })
    onStart?.(child)
    child.on('close', code => {
      const lines = out.split('\n').filter(line => line !== '')
      resolve({
        code,
        lines: lines.map(line => JSON.parse(line)),
        error: error.startsWith('{') ? JSON.parse(error).error : { words: error },
      })
    })
  })

const fetchArgs = () => {
  const mirrors = Object.entries(opened.mirrors).flatMap(([registry, address]) => ['--mirror', `${registry}=${address}`])
  return ['fetch', '--arch', 'amd64', '--lock', place, '--store', opened.store.url, ...mirrors]
}

test('without pins it says what to do, and asks nobody', async () => {
  const { code, error } = await khw(fetchArgs())
  expect([code, error.id]).toEqual([3, 'KHW-161'])
  expect(opened.store.seen).toEqual([])
})

test.skipIf(!hasSquashfs)(
  `killed, it goes on; then the bundle and the lock of the repository are pinned ${hasSquashfs ? '' : noSquashfs}`,
  async () => {
    opened.store.spoil('/cdn/core22', { kind: 'stall', part: 0.5 })
    const partial = join(opened.folder, 'snaps/core22_1981.snap.partial')
    await khw([...fetchArgs(), '--update-lock'], child => {
      const wait = setInterval(() => {
        if ((statSync(partial, { throwIfNoEntry: false })?.size ?? 0) < 100_000) return
        clearInterval(wait)
        child.kill('SIGKILL')
      }, 20)
    })
    expect(statSync(partial).size).toBe(100_000)
    opened.store.seen.length = 0
    const { code, lines } = await khw([...fetchArgs(), '--update-lock'])
    expect(code).toBe(0)
    expect(opened.store.seen.find(({ url }) => url.startsWith('/cdn/core22'))?.headers.range).toBe('bytes=100000-')
    expect(lines.find(({ event }) => event === 'images')?.names).toEqual(allImages)
    expect(lines.at(-1)).toEqual({ event: 'done', folder: opened.folder, arch: 'amd64' })
    const lock = (folder: string) => readFileSync(join(folder, 'bundle.lock.json'), 'utf8')
    expect(lock(place)).toBe(lock(opened.folder))
    expect(JSON.parse(lock(place)).snaps[1].resolved.amd64.revision).toBe(8739)

    const verified = await khw(['verify', '--arch', 'amd64'])
    expect([verified.code, verified.lines[0]?.state]).toEqual([0, 'good'])
    copyFileSync(join(opened.folder, 'snaps/core22_1981.snap'), join(opened.folder, 'snaps/microk8s_8739.snap'))
    const wrong = await khw(['verify', '--arch', 'amd64'])
    expect([wrong.code, wrong.lines[0]?.problems]).toMatchObject([1, [{ code: 'size', file: 'snaps/microk8s_8739.snap' }]])
  },
  40_000,
)

test('an empty folder is no bundle, and no error', async () => {
  const { code, lines } = await khw(['verify', '--arch', 'amd64'])
  expect([code, lines[0]?.state]).toEqual([1, 'absent'])
})

test('Ctrl+C ends it at once, and keeps what is there', async () => {
  opened.store.spoil('/cdn/core22', { kind: 'stall', part: 0.5 })
  const partial = join(opened.folder, 'snaps/core22_1981.snap.partial')
  const { code, error } = await khw([...fetchArgs(), '--update-lock'], child => {
    const wait = setInterval(() => {
      if ((statSync(partial, { throwIfNoEntry: false })?.size ?? 0) < 100_000) return
      clearInterval(wait)
      child.kill('SIGINT')
    }, 20)
  })
  expect([code, error.code]).toEqual([3, 'request.cancelled'])
  expect(statSync(partial).size).toBe(100_000)
})

test.each([
  ['--mirror without an address', ['--mirror', 'docker.io']],
  ['--mirror with another scheme', ['--mirror', 'docker.io=ftp://x']],
  ['--channel alone', ['--channel', '1.36/stable']],
  ['--arch that MicroK8s does not have', ['--arch', 'riscv64']],
])('wrong usage: %s', async (_, args) => {
  const { code } = await khw(['fetch', '--lock', place, '--store', opened.store.url, ...args])
  expect(code).toBe(2)
  expect(opened.store.seen).toEqual([])
})

test('another channel is asked for, and not found', async () => {
  const { code, error } = await khw([...fetchArgs(), '--update-lock', '--channel', '9.9/stable'])
  // core22 comes first and is there.
  expect([code, error.id, (error.details as { what: string }).what]).toEqual([3, 'KHW-163', 'microk8s 9.9/stable'])
})
