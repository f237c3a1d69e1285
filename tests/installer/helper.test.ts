import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demandSelf } from '../../electron/installer/helper/invoker.ts'
import { demandLocked } from '../../electron/installer/helper/perform.ts'
import { run } from '../../electron/platform/run.ts'
import {
  copyVerified,
  demandRootsOwn,
  makeLink,
  placeFile,
  removeIfEmpty,
  removeLink,
  stateOf,
} from '../../electron/platform/system-files.ts'

const isRoot = process.getuid?.() === 0
const why = isRoot ? '' : ' (skipped: needs root)'
const entry = join(import.meta.dirname, '../../electron/main/setup-helper.ts')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-helper-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Asks the real helper; nothing but looks and nonsense: this machine is not to be changed. */
const ask = async (lines: readonly string[]) => {
  const { code, stdout, stderr } = await run([process.execPath, entry], {
    env: { PATH: process.env.PATH, KHW_SETUP_ROOT: '1' },
    input: lines.map(line => `${line}\n`).join(''),
    timeout: 20_000,
  })
  return {
    code,
    stderr,
    answers: stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
  }
}

describe.skipIf(!isRoot)(`the helper${why}`, () => {
  it('shakes hands, answers each request, and ends with its input', async () => {
    const { code, answers } = await ask([
      '{"id":1,"request":{"verb":"look-status"}}',
      '{"id":2,"request":{"verb":"sh"}}',
      'nonsense',
    ])
    expect(code).toBe(0)
    expect(answers[0]).toEqual({ ready: 1, uid: 0 })
    expect(answers[1]).toMatchObject({ id: 1, ok: { code: expect.any(Number) } })
    expect(answers[2]).toMatchObject({ id: 2, error: { code: 'setup.helperRequest' } })
    expect(answers[3]).toMatchObject({ id: -1, error: { code: 'setup.helperRequest' } })
  })
  it('wants to know who let it in', async () => {
    const { code, stdout, stderr } = await run([process.execPath, entry], { env: { PATH: process.env.PATH }, timeout: 20_000 })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('neither pkexec nor sudo')
  })
  it('is not ended by a key or a closed window, but by the end of its input', async () => {
    const child = spawn(process.execPath, [entry], {
      env: { PATH: process.env.PATH, KHW_SETUP_ROOT: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    expect(JSON.parse(String((await lines.next()).value))).toEqual({ ready: 1, uid: 0 })
    for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGQUIT'] as const) child.kill(signal)
    child.stdin.write('{"id":7,"request":{"verb":"look-forward"}}\n')
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ id: 7 })
    child.stdin.end()
    expect(await new Promise(done => child.once('exit', done))).toBe(0)
  })
})

it.skipIf(!isRoot)(`refuses to work for anybody but root${why}`, async () => {
  const { code, stderr } = await run(['setpriv', '--reuid=65534', '--clear-groups', process.execPath, entry], {
    env: { KHW_SETUP_ROOT: '1', PATH: process.env.PATH },
    timeout: 20_000,
  })
  // Where nobody may read our files at all, it does not even start.
  expect(code).not.toBe(0)
  expect(stderr).toMatch(/must be root|EACCES|denied|Cannot find/)
})

it('installs without a signature only what the lock of the package names', async () => {
  const request = { verb: 'snap-install', snap: 'microk8s', how: 'dangerous' } as const
  const lock = join(folder, 'bundle.lock.json')
  writeFileSync(join(folder, 'microk8s.snap'), 'a snap')
  await demandLocked(request, lock, folder)
  writeFileSync(lock, JSON.stringify({ sha3_384: createHash('sha3-384').update('a snap').digest('hex') }))
  await demandLocked(request, lock, folder)
  writeFileSync(join(folder, 'microk8s.snap'), 'another')
  await expect(demandLocked(request, lock, folder)).rejects.toMatchObject({ code: 'setup.corrupt' })
  await demandLocked({ ...request, how: 'signed' }, lock, folder)
})

it('puts nobody into the group but whoever let it in', async () => {
  const join = (user: string) => ({ verb: 'group-join', user }) as const
  await expect(demandSelf(join('root'), 0)).resolves.toBeUndefined()
  await expect(demandSelf(join('root'), undefined)).resolves.toBeUndefined()
  await expect(demandSelf(join('daemon'), 0)).rejects.toMatchObject({ code: 'setup.helperRequest' })
  await expect(demandSelf(join('no-such-user'), 1000)).rejects.toMatchObject({ code: 'setup.helperRequest' })
  // Leaving gives nobody anything.
  await expect(demandSelf({ verb: 'group-leave', user: 'daemon' }, 0)).resolves.toBeUndefined()
})

describe('files of the system', () => {
  const text = 'a snap'
  const digest = (algorithm: string, of = text) => `${algorithm}:${createHash(algorithm).update(of).digest('hex')}`
  const give = (name: string, content = text) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }

  it.each(['sha3-384', 'sha256'])('are verified by the copy (%s)', async algorithm => {
    const [from, to] = [give('a'), join(folder, 'b')]
    await copyVerified(from, to, { size: text.length, digest: digest(algorithm) })
    expect(readFileSync(to, 'utf8')).toBe(text)
    expect(statSync(to).mode & 0o777).toBe(0o600)
  })
  it.each([
    ['another text of the same length', { size: text.length, digest: digest('sha256', 'b snap') }],
    ['another length', { size: 3, digest: digest('sha256') }],
  ])('that are not what was locked leave nothing: %s', async (_, expected) => {
    await expect(copyVerified(give('a'), join(folder, 'b'), expected)).rejects.toMatchObject({
      code: 'setup.corrupt',
      details: { file: 'a' },
    })
    expect(readdirSync(folder)).toEqual(['a'])
  })
  it('that are missing are named', async () => {
    await expect(copyVerified(join(folder, 'none'), join(folder, 'b'), { digest: digest('sha256') })).rejects.toMatchObject({
      code: 'setup.bundleMissing',
    })
  })
  it('that are right already are not copied again', async () => {
    const to = join(folder, 'b')
    await copyVerified(give('a'), to, { digest: digest('sha256') })
    const { ino } = statSync(to)
    rmSync(join(folder, 'a'))
    await copyVerified(join(folder, 'a'), to, { digest: digest('sha256') })
    expect(statSync(to).ino).toBe(ino)
    writeFileSync(to, 'changed')
    await expect(copyVerified(join(folder, 'a'), to, { digest: digest('sha256') })).rejects.toMatchObject({
      code: 'setup.bundleMissing',
    })
  })
  it('are given a second name whole, or not at all', async () => {
    const from = give('a')
    await placeFile(from, join(folder, 'b'))
    await placeFile(from, join(folder, 'b'))
    expect(readdirSync(folder)).toEqual(['a', 'b'])
    expect(statSync(join(folder, 'b')).ino).toBe(statSync(from).ino)
  })
  it.skipIf(!isRoot)(`go only where nobody but root can write${why}`, async () => {
    mkdirSync(join(folder, 'mine'))
    await demandRootsOwn(join(folder, 'mine'))
    chmodSync(join(folder, 'mine'), 0o777)
    await expect(demandRootsOwn(join(folder, 'mine/deeper'))).rejects.toMatchObject({
      code: 'setup.unsafe',
      details: { path: join(folder, 'mine') },
    })
    symlinkSync('/etc', join(folder, 'link'))
    await expect(demandRootsOwn(join(folder, 'link'))).rejects.toMatchObject({ code: 'setup.unsafe' })
  })
  it('link only where nothing else is, and take away only their own link', async () => {
    const path = join(folder, 'kubectl')
    await makeLink(path, '/snap/a')
    await makeLink(path, '/snap/a')
    expect((await stateOf(path))?.target).toBe('/snap/a')
    await expect(makeLink(path, '/snap/b')).rejects.toMatchObject({ code: 'setup.occupied' })
    await removeLink(path, '/snap/b')
    expect((await stateOf(path))?.kind).toBe('link')
    await removeLink(path, '/snap/a')
    expect(await stateOf(path)).toBeUndefined()
  })
  it('leave a folder that is not empty', async () => {
    mkdirSync(join(folder, 'x'))
    give('x/y')
    await removeIfEmpty(join(folder, 'x'))
    expect(existsSync(join(folder, 'x/y'))).toBe(true)
    rmSync(join(folder, 'x/y'))
    await removeIfEmpty(join(folder, 'x'))
    await removeIfEmpty(join(folder, 'x'))
    expect(existsSync(join(folder, 'x'))).toBe(false)
  })
})
