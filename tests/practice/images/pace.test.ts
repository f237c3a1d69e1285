import { expect, test } from 'vitest'
import { endLoop, nextRequest, noteSleep, noteWait } from '../../../electron/practice/images/pace.ts'
import type { ContainerView, ProcessIO, Socket } from '../../../electron/practice/images/program.ts'

/** A container whose clock oversleeps as one of this speed does: no timer of the host is shorter than 1 ms. */
const stage = (speed: number) => {
  let now = 0
  let worked = 0
  const signal = new AbortController().signal
  const container = {
    now: () => now,
    sleep: (ms: number) => {
      now += Math.max(ms, speed)
      return Promise.resolve()
    },
    work: (ms: number) => {
      worked += ms
    },
    processes: [{ pid: 7, parent: 1, user: 'root', command: 'wget', started: 0 }],
  } as unknown as ContainerView
  const io = { pid: 7, signal } as ProcessIO
  return {
    container,
    io,
    worked: () => worked,
    pass(ms: number) {
      now += ms
    },
    /** A loop of `sleep` and a request, each with the host's own time of half a millisecond, for so long. */
    async loop(seconds: number, sleepMs: number) {
      const end = now + seconds * 1000
      let requests = 0
      while (now < end) {
        requests += (await nextRequest(io, container)).weight
        now += speed / 2
        if (sleepMs === 0) continue
        const begun = now
        await container.sleep(sleepMs)
        noteSleep(io, container, sleepMs, now - begun)
      }
      return requests / seconds
    },
  }
}

test.each([1, 10, 60, 600])('a loop has the same rate at speed %i', async speed => {
  // One request each 20 ms, and one each 30 ms.
  expect(await stage(speed).loop(600, 0)).toBeCloseTo(50, -1)
  expect(await stage(speed).loop(600, 10)).toBeCloseTo(33.3, -0.7)
})

test('a slow loop sends what it sends', async () => {
  expect(await stage(1).loop(600, 1000)).toBeCloseTo(0.98, 1)
  expect(await stage(60).loop(600, 1000)).toBeCloseTo(0.98, 1)
})

test('the first request of a shell goes at once, and a later one by hand stands for itself', async () => {
  const { container, io, pass } = stage(1)
  const before = container.now()
  expect((await nextRequest(io, container)).weight).toBe(1)
  expect(container.now()).toBe(before)
  pass(60_000)
  endLoop({ ...io, pid: 1 }, container)
  expect((await nextRequest(io, container)).weight).toBe(1)
})

test('a host that stalls takes nothing from the rate, and an answer that waits on purpose does', async () => {
  const { container, io, pass } = stage(10)
  await nextRequest(io, container)
  pass(100)
  // 100 ms of the host's own and the turn of 20 ms.
  const burst = await nextRequest(io, container)
  expect(burst.weight).toBe(6)
  noteWait({ burst } as Socket, 100)
  pass(100)
  expect((await nextRequest(io, container)).weight).toBe(1)
})

test('each request costs the client too', async () => {
  const { container, io, worked } = stage(1)
  await nextRequest(io, container)
  expect(worked()).toBe(1)
})
