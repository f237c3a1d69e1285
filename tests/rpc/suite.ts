// What rpc promises, as one body for every transport.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../electron/contract/errors.ts'
import { connect } from '../../electron/rpc/connect.ts'
import { cost, window } from '../../electron/rpc/protocol.ts'
import { serve } from '../../electron/rpc/serve.ts'
import type { Transport } from '../../electron/rpc/transport.ts'
import { createReconnectingTransport } from '../../electron/rpc/transports/reconnecting.ts'
import { contract, createSample } from './sample.ts'

export interface Line {
  /** A fresh link to the host side, which is given to `onHost` once it is there. */
  open(): Transport
  close(): Promise<void>
}

export type Lay = (onHost: (transport: Transport) => void) => Promise<Line>

export const until = async (condition: () => boolean, what: string) => {
  for (let n = 0; n < 500; n++) {
    if (condition()) return
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error(`waited in vain: ${what}`)
}
const settle = () => new Promise(resolve => setTimeout(resolve, 60))

export const rpcSuite = (name: string, lay: Lay) =>
  describe(`rpc over ${name}`, () => {
    let sample = createSample()
    let line: Line
    let hosts: Transport[] = []
    let reported: string[] = []
    const open = () => connect(contract, line.open())

    /** The raw wire: what a hostile page could say, and what it hears. */
    const raw = () => {
      const heard: Record<string, unknown>[] = []
      const transport = line.open()
      let link = ''
      transport.receive(message => heard.push(message as Record<string, unknown>))
      transport.link(next => {
        link = next
      })
      return { heard, transport, link: () => link, live: () => until(() => link === 'live', 'live link') }
    }

    beforeEach(async () => {
      sample = createSample()
      hosts = []
      reported = []
      line = await lay(transport => {
        hosts.push(transport)
        serve(contract, sample.services, transport, {
          maxCalls: 8,
          maxStreams: 10,
          report: (error, method) => reported.push(`${method} ${error.cause instanceof Error ? error.cause.stack : error.stack}`),
        })
      })
    })
    afterEach(() => line.close())

    it('answers a call', async () => {
      expect(await open().math.add({ a: 2, b: 3 })).toBe(5)
    })

    it('answers many calls at once, each with its own answer', async () => {
      const client = open()
      const sums = await Promise.all([1, 2, 3, 4, 5, 6].map(n => client.math.add({ a: n, b: n })))
      expect(sums).toEqual([2, 4, 6, 8, 10, 12])
    })

    it('makes more calls than the host takes at a time wait their turn, in the order in which they were made', async () => {
      const client = connect(contract, line.open(), { maxCalls: 4 })
      const wanted = Array.from({ length: 300 }, (_, n) => n)
      const answered: number[] = []
      await Promise.all(wanted.map(async n => answered.push(await client.math.add({ a: n, b: 0 }))))
      expect(answered).toEqual(wanted)
    })

    it('sends the next when one is cancelled, and never one that was cancelled before its turn', async () => {
      const client = connect(contract, line.open(), { maxCalls: 2 })
      const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()]
      const slow = [first, second, third].map(({ signal }) => client.math.slow({}, signal).catch((error: AppError) => error.code))
      const sum = client.math.add({ a: 1, b: 1 })
      await until(() => sample.seen.slowStarted === 2, 'two under way')
      await settle()
      third.abort()
      first.abort()
      expect(await sum).toBe(2)
      expect(sample.seen.slowStarted).toBe(2)
      second.abort()
      expect(await Promise.all(slow)).toEqual(['request.cancelled', 'request.cancelled', 'request.cancelled'])
    })

    it('carries bytes both ways', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, n) => n % 251)
      const answer = await open().math.turn({ bytes })
      expect(answer.bytes).toBeInstanceOf(Uint8Array)
      expect(answer.bytes).toEqual(bytes.toReversed())
    })

    it('refuses input that does not fit, and says which call', async () => {
      const wrong = { a: 1, b: 'x' } as unknown as { a: number; b: number }
      await expect(open().math.add(wrong)).rejects.toMatchObject({ code: 'request.invalid' })
    })

    it('refuses output that does not fit: the fault is ours', async () => {
      await expect(open().math.lie({})).rejects.toMatchObject({ code: 'internal' })
      expect(reported[0]).toContain('math.lie')
    })

    it('carries an AppError by code and details', async () => {
      const error = await open()
        .math.fail({ how: 'app' })
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(AppError)
      expect(error).toMatchObject({ code: 'port.taken', details: { port: 80 } })
    })

    it('keeps the stack of a bug at home', async () => {
      const { heard, transport, live } = raw()
      await live()
      transport.send({ type: 'call', id: 1, method: 'math.fail', body: { how: 'bug' } })
      await until(() => heard.length === 1, 'an answer')
      expect(heard[0]).toEqual({ type: 'error', id: 1, error: { code: 'internal', details: { message: 'a bug at line 7' } } })
      expect(reported[0]).toContain('sample.ts')
    })

    it.each([
      'math',
      'math.',
      'math.nothing',
      'nothing.add',
      'math.add.call',
      '__proto__.toString',
      'constructor.constructor',
      'math.constructor',
      'math.__proto__',
      'math.toString',
      'toString.call',
      '',
    ])('knows no method named %j', async method => {
      const { heard, transport, live } = raw()
      await live()
      transport.send({ type: 'call', id: 1, method, body: {} })
      transport.send({ type: 'open', id: 2, method, body: {} })
      await until(() => heard.length === 2, 'two answers')
      expect(heard.map(message => (message.error as { code: string }).code)).toEqual(['request.unknown', 'request.unknown'])
    })

    it('opens no call as a stream and calls no stream', async () => {
      const { heard, transport, live } = raw()
      await live()
      transport.send({ type: 'open', id: 1, method: 'math.add', body: { a: 1, b: 1 } })
      transport.send({ type: 'call', id: 2, method: 'news.count', body: { to: 1 } })
      await until(() => heard.length === 2, 'two answers')
      expect(heard).toMatchObject([{ error: { code: 'request.unknown' } }, { error: { code: 'request.unknown' } }])
      expect(sample.seen.pulled).toBe(0)
    })

    it('cancels a call on both sides', async () => {
      const client = open()
      const abort = new AbortController()
      const answer = client.math.slow({}, abort.signal)
      await until(() => sample.seen.slowStarted === 1, 'the call has begun')
      abort.abort()
      await expect(answer).rejects.toMatchObject({ code: 'request.cancelled' })
      await until(() => sample.seen.slowAborted === 1, 'the handler was told')
      await expect(client.math.slow({}, abort.signal)).rejects.toMatchObject({ code: 'request.cancelled' })
      expect(sample.seen.slowStarted).toBe(1)
    })

    it('survives a cancel that crosses the answer', async () => {
      const client = open()
      for (let n = 0; n < 50; n++) {
        const abort = new AbortController()
        const answer = client.math.add({ a: n, b: 1 }, abort.signal).catch((error: AppError) => error.code)
        if (n % 2) await Promise.resolve()
        abort.abort()
        expect([n + 1, 'request.cancelled']).toContain(await answer)
      }
      expect(await client.math.add({ a: 1, b: 1 })).toBe(2)
    })

    it('tells a stream in order, to its end', async () => {
      const got: number[] = []
      open().news.count({ to: 200 }, event => void got.push(event.n))
      await until(() => got.length === 200, '200 events')
      expect(got).toEqual(Array.from({ length: 200 }, (_, n) => n + 1))
    })

    it('ends a stream whose event does not fit', async () => {
      const got: number[] = []
      const errors: string[] = []
      open().news.lie({}, event => void got.push(event.n), { onError: error => errors.push(error.code) })
      await until(() => errors.length === 1, 'an error')
      expect([got, errors]).toEqual([[1], ['internal']])
    })

    it('leaves a stream: its source is told, nothing more arrives', async () => {
      const got: number[] = []
      const leave = open().news.now({}, event => void got.push(event.n))
      await until(() => got.length === 1, 'the first event')
      leave()
      leave()
      await until(() => sample.seen.left === 1, 'the source was told')
      expect(got).toEqual([1])
    })

    it('leaves a source that knows nothing of signals', async () => {
      const client = open()
      const leave = client.news.hang({}, () => {})
      await client.math.add({ a: 1, b: 1 })
      leave()
      await until(() => sample.seen.hangLeft === 1, 'its iterator was returned')
    })

    it('leaves a stream in the moment it was opened', async () => {
      const client = open()
      for (let n = 0; n < 30; n++) client.news.now({}, () => {})()
      expect(await client.math.add({ a: 1, b: 1 })).toBe(2)
      expect(sample.seen.left).toBeLessThanOrEqual(30)
      await until(() => sample.seen.left === 0 || sample.seen.left === 30, 'every source that began has ended')
    })

    it('slows the source to its slowest reader, and loses nothing', async () => {
      const release: (() => void)[] = []
      let bytes = 0
      const chunk = 64 * 1024
      open().news.pour({ chunk, chunks: 100 }, event => {
        bytes += event.bytes.byteLength
        return new Promise<void>(resolve => release.push(resolve))
      })
      await until(() => bytes >= window, 'a full window')
      await settle()
      expect(bytes).toBe(window)
      expect(sample.seen.pulled).toBe(window / chunk)
      while (bytes < 100 * chunk || release.length > 0) {
        release.shift()?.()
        await new Promise(resolve => setTimeout(resolve, 0))
      }
      expect(sample.seen.pulled).toBe(100)
    })

    it('counts events that carry no bytes', async () => {
      const release: (() => void)[] = []
      let got = 0
      open().news.count({ to: 100 }, () => {
        got += 1
        return new Promise<void>(resolve => release.push(resolve))
      })
      await settle()
      expect(got).toBe(window / cost({ n: 1 }))
      while (got < 100) {
        release.shift()?.()
        await new Promise(resolve => setTimeout(resolve, 0))
      }
    })

    it('does not let one slow stream hold up another, nor a call', async () => {
      const client = open()
      client.news.pour({ chunk: window, chunks: 10 }, () => new Promise<void>(() => {}))
      let got = 0
      client.news.count({ to: 50 }, () => {
        got += 1
      })
      await until(() => got === 50, 'the other stream')
      expect(await client.math.add({ a: 1, b: 1 })).toBe(2)
    })

    it('reports a reader that throws, and goes on', async () => {
      const errors: string[] = []
      let got = 0
      const onEvent = () => {
        got += 1
        throw new Error('reader broke')
      }
      open().news.count({ to: 100 }, onEvent, { onError: error => errors.push(error.code) })
      await until(() => got === 100, 'all events')
      await until(() => errors.length === 100, 'all errors')
    })

    it('comes back after a lost link, with a fresh snapshot', async () => {
      const transport = createReconnectingTransport(() => line.open(), [5])
      const client = connect(contract, transport)
      const states: string[] = []
      let snapshots = 0
      const onEvent = () => {
        snapshots += 1
      }
      client.news.now({}, onEvent, { onState: state => states.push(state) })
      await until(() => snapshots === 1, 'first snapshot')
      const cut = client.math.slow({})
      await until(() => sample.seen.slowStarted === 1, 'a call under way')
      hosts.at(-1)?.close()
      await expect(cut).rejects.toMatchObject({ code: 'connection.lost' })
      await until(() => snapshots === 2, 'second snapshot')
      expect(states).toEqual(['live', 'lost', 'live'])
      await until(() => sample.seen.left === 1 && sample.seen.slowAborted === 1, 'the host let go of the first link')
      expect(await client.math.add({ a: 1, b: 1 })).toBe(2)
      transport.close()
      await expect(client.math.add({ a: 1, b: 1 })).rejects.toMatchObject({ code: 'connection.lost' })
    })

    it('gives no late credit of an old link to a new one', async () => {
      const transport = createReconnectingTransport(() => line.open(), [5])
      const release: (() => void)[] = []
      let bytes = 0
      connect(contract, transport).news.pour({ chunk: window, chunks: 10 }, event => {
        bytes += event.bytes.byteLength
        return new Promise<void>(resolve => release.push(resolve))
      })
      await until(() => bytes === window, 'a full window')
      hosts.at(-1)?.close()
      await until(() => bytes === 2 * window, 'a full window on the new link')
      release[0]?.()
      await settle()
      expect(bytes).toBe(2 * window)
      release[1]?.()
      await until(() => bytes === 3 * window, 'the next after its own credit')
      transport.close()
    })

    it('does not bring back a stream that has ended', async () => {
      const transport = createReconnectingTransport(() => line.open(), [5])
      const client = connect(contract, transport)
      let got = 0
      client.news.count({ to: 3 }, () => {
        got += 1
      })
      await until(() => got === 3, 'three events')
      await client.math.add({ a: 1, b: 1 })
      hosts.at(-1)?.close()
      await until(() => hosts.length === 2, 'a new link')
      await settle()
      expect(got).toBe(3)
      transport.close()
    })

    it('refuses a flood of streams and of calls, and still works when they are gone', async () => {
      const { heard, transport, live } = raw()
      await live()
      for (let id = 1; id <= 500; id++) transport.send({ type: 'open', id, method: 'news.now', body: {} })
      for (let id = 501; id <= 1000; id++) transport.send({ type: 'call', id, method: 'math.slow', body: {} })
      const refused = () => heard.filter(message => (message.error as { code?: string } | undefined)?.code === 'request.busy')
      await until(() => refused().length === 490 + 492, 'refusals')
      expect(heard.filter(message => message.type === 'event')).toHaveLength(10)
      expect(sample.seen.slowStarted).toBe(8)
      for (let id = 1; id <= 1000; id++) transport.send({ type: 'cancel', id })
      transport.send({ type: 'call', id: 2000, method: 'math.add', body: { a: 1, b: 1 } })
      await until(() => sample.seen.left === 10 && sample.seen.slowAborted === 8, 'all let go')
      transport.send({ type: 'call', id: 2001, method: 'math.add', body: { a: 1, b: 1 } })
      await until(() => heard.some(message => message.id === 2001 && message.body === 2), 'an answer')
      expect(await open().math.add({ a: 1, b: 1 })).toBe(2)
    })

    it('ignores cancels and credit for what it does not know, and hoards no credit', async () => {
      const { heard, transport, live } = raw()
      await live()
      transport.send({ type: 'cancel', id: 77 })
      transport.send({ type: 'credit', id: 77, amount: 1 })
      transport.send({ type: 'open', id: 1, method: 'news.pour', body: { chunk: window, chunks: 10 } })
      for (let n = 0; n < 3; n++) transport.send({ type: 'credit', id: 1, amount: Number.MAX_SAFE_INTEGER })
      await settle()
      expect(heard.length).toBeLessThanOrEqual(4)
      await until(() => heard.length >= 1, 'events')
    })

    it.each([
      ['a string', 'hello'],
      ['null', null],
      ['a list', [1]],
      ['no type', { id: 1 }],
      ['an unknown type', { type: 'eval', id: 1 }],
      ['no id', { type: 'call', method: 'math.add', body: {} }],
      ['a fractional id', { type: 'call', id: 1.5, method: 'math.add', body: {} }],
      ['a negative id', { type: 'cancel', id: -1 }],
      ['a method that is no string', { type: 'call', id: 1, method: { toString: 'x' }, body: {} }],
      ['a huge method name', { type: 'call', id: 1, method: 'x'.repeat(100_000), body: {} }],
      ['negative credit', { type: 'credit', id: 1, amount: -5 }],
      ['an answer', { type: 'result', id: 1, body: {} }],
    ])('ends the link of who says %s, and no other', async (_, message) => {
      const other = open()
      expect(await other.math.add({ a: 1, b: 1 })).toBe(2)
      const { heard, transport, link, live } = raw()
      await live()
      transport.send(message)
      await until(() => link() === 'closed', 'a closed link')
      expect(heard).toEqual([])
      expect(await other.math.add({ a: 1, b: 1 })).toBe(2)
    })

    it('ends the link of who uses an id twice', async () => {
      const { transport, link, live } = raw()
      await live()
      transport.send({ type: 'open', id: 1, method: 'news.now', body: {} })
      transport.send({ type: 'open', id: 1, method: 'news.now', body: {} })
      await until(() => link() === 'closed', 'a closed link')
      await until(() => sample.seen.left === 1, 'the first stream was let go')
    })
  })
