// Answers calls and streams over one transport with the services behind a contract.

import type { Context, Services } from '../contract/define.ts'
import { AppError, toAppError } from '../contract/errors.ts'
import { type Contract, cost, type Reply, type Request, readRequest, window } from './protocol.ts'
import type { Stop, Transport } from './transport.ts'

export interface ServeOptions {
  /** Calls that one page may have running; more are refused. Cancelled ones count until they have really ended. */
  maxCalls?: number
  /** Streams that one page may hold open; more are refused. */
  maxStreams?: number
  /** Told of every `internal` error with its stack, which never leaves the host. */
  report?(error: AppError, method: string): void
}

type Answer = (input: unknown, context: Context) => unknown
type Method = { definition: Contract[string][string]; answer: Answer }
type Work = { type: 'call' | 'open'; abort: AbortController; credit: number; wake?: () => void }

/**
 * Serves until stopped or until the link closes; then every running handler's signal fires.
 * Inputs, outputs and events are checked by the contract's schemas. A message that is none of ours ends the link.
 */
export const serve = <C extends Contract>(
  contract: C,
  services: Services<C>,
  transport: Transport,
  { maxCalls = 64, maxStreams = 128, report }: ServeOptions = {},
): Stop => {
  const running = new Map<number, Work>()
  const send = (reply: Reply) => transport.send(reply)

  const find = (name: string): Method => {
    const [domain = '', method = '', ...rest] = name.split('.')
    const definition = own(own(contract, domain), method)
    const answer = own(own(services, domain), method)
    if (rest.length > 0 || !definition || typeof answer !== 'function') throw new AppError('request.unknown', { method: name })
    return { definition: definition as Method['definition'], answer: answer as Answer }
  }

  const admit = (type: Work['type']) => {
    const limit = type === 'call' ? maxCalls : maxStreams
    const held = [...running.values()].filter(work => work.type === type).length
    if (held >= limit) throw new AppError('request.busy', { limit })
  }

  const fail = (id: number, method: string, thrown: unknown) => {
    const error = toAppError(thrown)
    if (error.code === 'internal') report?.(error, method)
    send({ type: 'error', id, error: error.toWire() })
  }

  const runCall = async (request: Request & { type: 'call' }, { definition, answer }: Method, work: Work) => {
    if (definition.kind !== 'call') throw new AppError('request.unknown', { method: request.method })
    const input = check(definition.input, request.body)
    const output = await answer(input, { signal: work.abort.signal })
    if (!work.abort.signal.aborted) send({ type: 'result', id: request.id, body: definition.output.parse(output ?? {}) })
  }

  const runStream = async (request: Request & { type: 'open' }, { definition, answer }: Method, work: Work) => {
    if (definition.kind !== 'stream') throw new AppError('request.unknown', { method: request.method })
    const { signal } = work.abort
    const events = answer(check(definition.input, request.body), { signal }) as AsyncIterable<unknown>
    const iterator = events[Symbol.asyncIterator]()
    const leave = () => {
      Promise.resolve(iterator.return?.()).catch(error => report?.(toAppError(error), request.method))
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      while (!signal.aborted) {
        if (work.credit <= 0) {
          await new Promise<void>(resolve => {
            work.wake = resolve
          })
          continue
        }
        const next = await iterator.next()
        if (signal.aborted) return
        if (next.done) return send({ type: 'end', id: request.id })
        const event = definition.event.parse(next.value)
        work.credit -= cost(event)
        send({ type: 'event', id: request.id, body: event })
      }
    } catch (error) {
      if (!signal.aborted) leave()
      throw error
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  const start = async (request: Request & { type: 'call' | 'open' }) => {
    const work: Work = { type: request.type, abort: new AbortController(), credit: window }
    try {
      admit(request.type)
      const method = find(request.method)
      running.set(request.id, work)
      if (request.type === 'call') await runCall({ ...request, type: 'call' }, method, work)
      else await runStream({ ...request, type: 'open' }, method, work)
    } catch (error) {
      if (!work.abort.signal.aborted) fail(request.id, request.method, error)
    } finally {
      if (running.get(request.id) === work) running.delete(request.id)
    }
  }

  const cancel = (id: number) => {
    const work = running.get(id)
    if (!work) return
    if (work.type === 'open') running.delete(id)
    work.abort.abort()
    work.wake?.()
  }

  const grant = (id: number, amount: number) => {
    const work = running.get(id)
    if (!work) return
    work.credit = Math.min(work.credit + amount, window)
    if (work.credit > 0) work.wake?.()
  }

  const stopReceiving = transport.receive(message => {
    const request = readRequest(message)
    if (!request) return transport.close()
    if (request.type === 'cancel') return cancel(request.id)
    if (request.type === 'credit') return grant(request.id, request.amount)
    if (running.has(request.id)) return transport.close()
    void start(request as Request & { type: 'call' | 'open' })
  })
  const stop = () => {
    stopReceiving()
    stopWatching()
    for (const id of [...running.keys()]) cancel(id)
  }
  let stopWatching: Stop = () => {}
  stopWatching = transport.link(link => {
    if (link === 'closed') stop()
  })
  return stop
}

/** Only what was declared: nothing that every object inherits can be named from the wire. */
const own = (holder: unknown, name: string): unknown =>
  typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name)
    ? (holder as Record<string, unknown>)[name]
    : undefined

const check = (schema: { parse(value: unknown): unknown }, body: unknown): unknown => {
  try {
    return schema.parse(body)
  } catch (error) {
    const problem = error instanceof Error ? error.message.slice(0, 500) : String(error)
    throw new AppError('request.invalid', { problem }, { cause: error })
  }
}
