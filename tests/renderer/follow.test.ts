import { expect, test, vi } from 'vitest'
import type { Settings } from '../../electron/contract/app.ts'
import type { Services } from '../../electron/contract/define.ts'
import { AppError } from '../../electron/contract/errors.ts'
import { type AppContract, contract } from '../../electron/contract/index.ts'
import { connect } from '../../electron/rpc/connect.ts'
import { serve } from '../../electron/rpc/serve.ts'
import { createMemoryPair } from '../../electron/rpc/transports/memory.ts'
import { follow } from '../../renderer/state/follow.ts'

const settings: Settings = { language: 'en', theme: 'dark', welcomed: true }

/** The real rpc over memory, with a settings stream that the test writes. */
const host = (source: (signal: AbortSignal) => AsyncIterable<Settings>) => {
  const [page, server] = createMemoryPair()
  const services = { app: { settings: (_: object, { signal }: { signal: AbortSignal }) => source(signal) } }
  serve(contract, services as unknown as Services<AppContract>, server)
  const api = connect(contract, page)
  const follower = follow<Settings, Settings>(
    (onEvent, options) => api.app.settings({}, onEvent, options),
    (_, event) => event,
  )
  return { follower, server }
}

const until = (signal: AbortSignal) => new Promise<void>(done => signal.addEventListener('abort', () => done(), { once: true }))

test('nothing is known before the first event; then it is fresh, and after a lost link it is known but stale', async () => {
  const { follower, server } = host(async function* (signal) {
    yield settings
    await until(signal)
  })
  expect(follower.store.getState()).toEqual({ value: undefined, isFresh: false, error: undefined })
  await vi.waitFor(() => expect(follower.store.getState()).toMatchObject({ value: settings, isFresh: true }))
  server.close()
  await vi.waitFor(() => expect(follower.store.getState()).toMatchObject({ value: settings, isFresh: false, error: undefined }))
})

test('a stream that ends with an error says so, and again asks anew', async () => {
  let tries = 0
  const { follower } = host(async function* (signal) {
    tries += 1
    if (tries === 1) throw new AppError('cluster.stopped')
    yield settings
    await until(signal)
  })
  await vi.waitFor(() => expect(follower.store.getState().error?.code).toBe('cluster.stopped'))
  follower.again()
  await vi.waitFor(() => expect(follower.store.getState()).toEqual({ value: settings, isFresh: true, error: undefined }))
})
