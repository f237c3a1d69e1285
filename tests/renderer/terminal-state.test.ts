import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../../electron/contract/errors.ts'
import { terminal } from '../../electron/contract/terminal.ts'
import { connect } from '../../electron/rpc/connect.ts'
import { serve } from '../../electron/rpc/serve.ts'
import { createMemoryPair } from '../../electron/rpc/transports/memory.ts'
import { createTerminalService } from '../../electron/services/terminal.ts'
import { createTerminals } from '../../renderer/state/terminal.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** The real service behind a memory transport. */
const open = (kubectl: () => Promise<null> = async () => null, cluster: () => string | null = () => null, lateMs = 0) => {
  const home = mkdtempSync(join(tmpdir(), 'khw-state-'))
  const service = createTerminalService({
    environment: async () => ({ env: { HOME: home }, cwd: home, cluster: cluster() }),
    kubectl,
    missingKubectl: () => 'no kubectl',
    shellFiles: fileURLToPath(new URL('../../resources/shell', import.meta.url)),
    shell: '/bin/bash',
  })
  const [near, far] = createMemoryPair()
  const stop = serve({ terminal }, { terminal: service }, far)
  const calls = connect({ terminal }, near).terminal
  const late: typeof calls.sessions = (input, onEvent, options) =>
    calls.sessions(input, all => void setTimeout(() => onEvent(all), lateMs), options)
  const terminals = createTerminals(lateMs > 0 ? { ...calls, sessions: late } : calls)
  ends.push(() => {
    terminals.stop()
    stop()
    service.closeAll()
    rmSync(home, { recursive: true, force: true })
  })
  const until = (holds: (state: ReturnType<typeof terminals.store.getState>) => boolean) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (holds(terminals.store.getState())) resolve()
      }
      terminals.store.subscribe(look)
      look()
    })
  return { terminals, until }
}

test('two wishes at once open one terminal; a lesson gets the one that runs', async () => {
  const { terminals, until } = open()
  const [one, two] = await Promise.all([terminals.ensure(), terminals.ensure()])
  expect(one).toBe(two)
  await until(({ sessions }) => sessions?.length === 1)
  expect(await terminals.ensure()).toBe(one)
})

test('an opened terminal is told before its opening ends, so that whoever looks then sees it', async () => {
  const { terminals } = open(undefined, undefined, 50)
  const id = await terminals.open()
  expect(terminals.store.getState()).toMatchObject({ isOpening: false, sessions: [{ id }] })
  expect(await terminals.ensure()).toBe(id)
})

test('closing the chosen tab chooses its neighbour; closing the last chooses none', async () => {
  const { terminals, until } = open()
  const ids = [await terminals.open(), await terminals.open(), await terminals.open()]
  await until(({ sessions }) => sessions?.length === 3)
  terminals.choose(ids[1]!)
  await terminals.close(ids[1]!)
  await until(({ active }) => active === ids[2])
  await terminals.close(ids[2]!)
  await until(({ active }) => active === ids[0])
  await terminals.close(ids[0]!)
  await until(({ active, sessions }) => active === undefined && sessions?.length === 0)
})

test('an opening that fails says why, and the next one may work', async () => {
  let fails = true
  const { terminals } = open(async () => {
    if (fails) throw new AppError('cluster.stopped')
    return null
  })
  expect(await terminals.open()).toBeUndefined()
  expect(terminals.store.getState().error).toEqual({ code: 'cluster.stopped', details: {} })
  await expect(terminals.ensure()).rejects.toMatchObject({ code: 'cluster.stopped' })
  fails = false
  expect(await terminals.open()).toBeDefined()
  expect(terminals.store.getState().error).toBeUndefined()
})

test('a lesson types only into a terminal of its own cluster', async () => {
  let cluster = 'practice'
  const { terminals, until } = open(undefined, () => cluster)
  const practice = await terminals.ensure('practice')
  await until(({ sessions }) => sessions?.length === 1)
  cluster = 'microk8s'
  const other = await terminals.ensure('microk8s')
  expect(other).not.toBe(practice)
  await until(({ sessions }) => sessions?.length === 2)
  expect(await terminals.ensure('practice')).toBe(practice)
  expect(terminals.store.getState().active).toBe(practice)
})
