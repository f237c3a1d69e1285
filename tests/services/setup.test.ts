// Setup's service: what windows see of an engine that writes the real journal in a real pty.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SetupState } from '../../electron/contract/setup.ts'
import { createMachine } from '../../electron/installer/index.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { createLog } from '../../electron/platform/log.ts'
import { createSetupService, type SetupServiceDeps } from '../../electron/services/setup.ts'
import { openService } from '../terminal/open.ts'

const engine = fileURLToPath(new URL('engine.ts', import.meta.url))
const size = { cols: 80, rows: 24 }
let folder: string
let opened: ReturnType<typeof openService>
let setup: ReturnType<typeof createSetupService>
let latest: SetupState | undefined
let wake = () => {}
let stop: AbortController
let looks: number
const context = { signal: new AbortController().signal }

const watch = (service = setup) => {
  stop = new AbortController()
  const done = (async () => {
    for await (const state of service.state({}, { signal: stop.signal })) {
      latest = state
      wake()
    }
  })()
  done.catch(() => {})
  return done
}
const until = async (holds: (state: SetupState) => boolean) => {
  const end = Date.now() + 10_000
  while (!latest || !holds(latest)) {
    if (Date.now() > end) throw new Error(`never came true: ${JSON.stringify(latest)}`)
    await Promise.race([
      new Promise<void>(resolve => {
        wake = resolve
      }),
      new Promise(resolve => setTimeout(resolve, 500)),
    ])
  }
  return latest
}
const make = (more: Partial<SetupServiceDeps> = {}) =>
  createSetupService({
    clock: realClock,
    log: createLog({ path: join(folder, '..', 'khw.log'), clock: realClock }),
    version: '0.1.0',
    folder,
    machine: createMachine(),
    bundle: async () => undefined,
    nearby: async () => [],
    preflight: async () => {
      looks += 1
      return [{ id: 'memory', state: 'pass', facts: {} }]
    },
    khw: () => [process.execPath, engine, folder],
    terminal: {
      openProgram: opened.service.openProgram,
      isRunning: opened.service.isRunning,
      close: id => void opened.service.close({ id }, context),
    },
    title: () => 'Setup',
    ...more,
  })

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'khw-setup-')), 'setup')
  opened = openService()
  looks = 0
  latest = undefined
  setup = make()
})
afterEach(() => {
  stop?.abort()
  opened.end()
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

const type = (id: string, data: string) => opened.service.input({ id, data }, context)

test('a reader first sees the machine looked at, and nothing done', async () => {
  void watch()
  const state = await until(({ checkedAt }) => checkedAt !== null)
  expect(state).toMatchObject({ checking: false, run: null, interrupted: false, ledger: [] })
  expect(state.checks).toEqual([{ id: 'memory', state: 'pass', facts: {} }])
  expect(state.plan.map(step => step.id)).toContain('microk8s')
})

test('a run is followed step by step in its own terminal, and the machine is looked at again after it', async () => {
  void watch()
  const { terminal } = await setup.start({ kind: 'apply', ...size }, context)
  const during = await until(({ run }) => run?.wait !== undefined)
  expect(during.run).toMatchObject({ terminal, kind: 'apply', progress: { done: 1, total: 18 }, wait: { code: 'image' } })
  expect(during.run?.steps.find(({ state }) => state === 'now')?.id).toBe('forwarding')
  await expect(setup.start({ kind: 'undo', ...size }, context)).rejects.toMatchObject({ code: 'setup.busy' })
  const before = looks
  type(terminal, '\r')
  await until(({ run }) => run?.steps.find(({ state }) => state === 'now')?.id === 'microk8s')
  type(terminal, '\r')
  const after = await until(({ run, checking }) => run?.ended !== undefined && !checking && looks > before)
  expect(after.run?.ended).toMatchObject({ ok: true })
  expect(after.ledger.map(({ step, state }) => [step, state])).toEqual([
    ['forwarding', 'made'],
    ['microk8s', 'made'],
  ])
})

test('what only some want is in the plan once it is asked for, and goes with the run', async () => {
  const told = join(folder, '..', 'told')
  setup = make({ khw: () => ['/bin/sh', '-c', `echo "$@" > ${told}.new; mv ${told}.new ${told}`, 'khw'] })
  void watch(setup)
  const steps = ({ plan }: SetupState) => plan.map(({ id }) => id)
  expect(steps(await until(({ checkedAt }) => checkedAt !== null))).not.toContain('alias')
  await setup.choose({ choice: 'alias', on: true }, context)
  await setup.choose({ choice: 'group', on: true }, context)
  await setup.choose({ choice: 'group', on: false }, context)
  const state = await until(now => steps(now).includes('alias') && !steps(now).includes('group'))
  expect(state.choices).toEqual([{ id: 'alias', kept: false }])
  await setup.start({ kind: 'apply', ...size }, context)
  await expect.poll(() => existsSync(told)).toBe(true)
  expect(readFileSync(told, 'utf8')).toBe('setup apply --yes --alias\n')
})

test('a bundle found on the machine is taken only by choice, only if it was found, and only while it is there', async () => {
  const told = join(folder, '..', 'told')
  let found = ['/media/ann/STICK/bundle']
  const asked: (string | undefined)[] = []
  setup = make({
    named: '/srv/named',
    bundle: async of => {
      asked.push(of)
      return of === undefined ? undefined : { folder: of, snaps: [] }
    },
    nearby: async () => found,
    khw: () => ['/bin/sh', '-c', `echo "$@" > ${told}.new; mv ${told}.new ${told}`, 'khw'],
  })
  void watch(setup)
  expect((await until(({ checkedAt }) => checkedAt !== null)).bundles).toEqual({ found })
  await expect(setup.takeBundle({ folder: '/etc' }, context)).rejects.toMatchObject({ code: 'setup.bundleMissing' })
  const folderOf = (state: SetupState) => state.bundles.chosen
  const start = async () => {
    rmSync(told, { force: true })
    await setup.start({ kind: 'apply', ...size }, context)
    await expect.poll(() => existsSync(told)).toBe(true)
    await expect.poll(() => opened.service.isRunning((latest?.run?.terminal ?? '') as string)).toBe(false)
    return readFileSync(told, 'utf8')
  }
  await setup.takeBundle({ folder: found[0]! }, context)
  await until(state => folderOf(state) === found[0])
  expect(asked.at(-1)).toBe(found[0])
  expect(await start()).toBe('setup apply --yes --bundle /media/ann/STICK/bundle\n')
  found = []
  await setup.check({}, context)
  await until(state => folderOf(state) === undefined && state.bundles.found.length === 0)
  expect(await start()).toBe('setup apply --yes --bundle /srv/named\n')
})

test('stop ends it after the present step', async () => {
  void watch()
  const { terminal } = await setup.start({ kind: 'apply', ...size }, context)
  await until(({ run }) => run?.steps.some(({ state }) => state === 'now') === true)
  await setup.stop({}, context)
  type(terminal, '\r')
  const state = await until(({ run }) => run?.ended !== undefined)
  expect(state.run?.steps.find(({ id }) => id === 'microk8s')?.state).not.toBe('done')
})

test('a failure tells its error, and an engine that was killed is an interrupted run', async () => {
  void watch()
  const first = await setup.start({ kind: 'apply', ...size }, context)
  await until(({ run }) => run?.steps.some(({ state }) => state === 'now') === true)
  type(first.terminal, 'fail\r')
  const failed = await until(({ run }) => run?.ended !== undefined)
  expect(failed.run?.ended).toMatchObject({ ok: false, error: { code: 'setup.blocked' } })

  await setup.start({ kind: 'apply', ...size }, context)
  await until(({ run }) => run?.ended === undefined && run?.wait !== undefined)
  const { pid } = JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))
  process.kill(pid, 'SIGKILL')
  const state = await until(({ interrupted }) => interrupted)
  expect(state.ledger.map(({ state: each }) => each)).toContain('intended')
})

test('a run that somebody started elsewhere is followed too, without a terminal of ours', async () => {
  void watch()
  const other = make()
  const own = await other.start({ kind: 'apply', ...size }, context)
  const state = await until(({ run }) => run?.wait !== undefined)
  expect(state.run?.terminal).toBeNull()
  type(own.terminal, 'fail\r')
  await until(({ run }) => run?.ended !== undefined)
})

test('a journal that cannot be read ends the stream with the reason', async () => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'journal.jsonl'), 'nonsense\n{"also": "nonsense"}\n')
  await expect(watch()).rejects.toMatchObject({ code: 'setup.journalBroken' })
})

test('diagnostics hold the report and no private words', async () => {
  void watch()
  await until(({ checkedAt }) => checkedAt !== null)
  const { text, file } = await setup.diagnostics({}, context)
  expect(text).toContain('pass  memory')
  expect(text).toContain('os-release')
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('Setup started from an AppImage knows of it, though terminals hide that from what the user runs', async () => {
  const told = join(folder, '..', 'told')
  const place = { APPIMAGE: '/home/x/App.AppImage', APPDIR: '/tmp/.mount_App' }
  setup = make({
    machine: { ...createMachine(), env: { ...process.env, ...place } },
    khw: () => ['/bin/sh', '-c', `printenv APPIMAGE APPDIR > ${told}.new; mv ${told}.new ${told}`],
  })
  await setup.start({ kind: 'apply', ...size }, context)
  await expect.poll(() => existsSync(told)).toBe(true)
  expect(readFileSync(told, 'utf8')).toBe(`${place.APPIMAGE}\n${place.APPDIR}\n`)
})
