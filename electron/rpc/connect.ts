// The caller's side: a typed client made from the contract, whose streams come back by themselves after a lost link.

import type { Call, Stream } from '../contract/define.ts'
import { AppError, toAppError } from '../contract/errors.ts'
import { type Contract, cost, creditStep, type Request, readReply } from './protocol.ts'
import type { Link, Stop, Transport } from './transport.ts'

export interface StreamOptions {
  /** `live` with the first event of each (re)subscription, `lost` when the link breaks: what is shown is then no longer fresh. */
  onState?(state: 'live' | 'lost'): void
  /** The stream ended with an error and will not come back by itself. */
  onError?(error: AppError): void
}

/**
 * One function for each method. A call rejects with an AppError only. A stream's function returns the way to leave it;
 * its source is slowed until the promises that `onEvent` returned are settled.
 */
export type Client<C> = {
  [D in keyof C]: {
    [M in keyof C[D]]: C[D][M] extends Call<infer I, infer O>
      ? (input: I, signal?: AbortSignal) => Promise<O>
      : C[D][M] extends Stream<infer I, infer E>
        ? (input: I, onEvent: (event: E) => void | Promise<void>, options?: StreamOptions) => Stop
        : never
  }
}

export interface ConnectOptions {
  /** Calls under way at a time; more wait their turn. Below the host's own limit, where cancelled ones count until they have ended. */
  maxCalls?: number
}

type Pending = { request: Request; isSent: boolean; resolve(output: unknown): void; reject(error: AppError): void }
type Subscription = {
  method: string
  body: unknown
  onEvent(event: unknown): void | Promise<void>
  options: StreamOptions
  /** Differs with each subscription, so that late credit of an earlier one is not counted. */
  id?: number
  owed: number
  told?: 'live' | 'lost'
}

/** Calls made before the link is first live wait for it; calls made while it is lost fail at once with `connection.lost`. */
export const connect = <C extends Contract>(
  contract: C,
  transport: Transport,
  { maxCalls = 48 }: ConnectOptions = {},
): Client<C> => {
  /** By id, which is the order in which they were made. */
  const calls = new Map<number, Pending>()
  const subscriptions = new Set<Subscription>()
  const byId = new Map<number, Subscription>()
  let link: Link = 'opening'
  let lastId = 0
  const send = (request: Request) => transport.send(request)

  const call = (method: string, body: unknown, signal?: AbortSignal) =>
    new Promise<unknown>((resolve, reject) => {
      if (signal?.aborted) return reject(new AppError('request.cancelled', { method }))
      if (link === 'lost' || link === 'closed') return reject(new AppError('connection.lost', { method }))
      lastId += 1
      const id = lastId
      const done = () => {
        calls.delete(id)
        signal?.removeEventListener('abort', cancel)
        if (pending.isSent) {
          underWay -= 1
          sendWaiting()
        }
      }
      const pending: Pending = {
        request: { type: 'call', id, method, body },
        isSent: false,
        resolve: output => {
          done()
          resolve(output)
        },
        reject: error => {
          done()
          reject(error)
        },
      }
      const cancel = () => {
        if (link === 'live' && pending.isSent) send({ type: 'cancel', id })
        pending.reject(new AppError('request.cancelled', { method }))
      }
      signal?.addEventListener('abort', cancel, { once: true })
      calls.set(id, pending)
      sendWaiting()
    })

  let underWay = 0
  const sendWaiting = () => {
    if (link !== 'live' || underWay >= maxCalls) return
    for (const pending of calls.values()) if (!pending.isSent && underWay < maxCalls) sendCall(pending)
  }
  const sendCall = (pending: Pending) => {
    pending.isSent = true
    underWay += 1
    try {
      send(pending.request)
    } catch (error) {
      pending.reject(new AppError('request.invalid', { problem: toAppError(error).message }, { cause: error }))
    }
  }

  const open = (subscription: Subscription) => {
    lastId += 1
    subscription.id = lastId
    subscription.owed = 0
    byId.set(lastId, subscription)
    send({ type: 'open', id: lastId, method: subscription.method, body: subscription.body })
  }

  const forget = (subscription: Subscription) => {
    subscriptions.delete(subscription)
    if (subscription.id !== undefined) byId.delete(subscription.id)
  }

  const subscribe = (method: string, body: unknown, onEvent: Subscription['onEvent'], options: StreamOptions = {}): Stop => {
    const subscription: Subscription = { method, body, onEvent, options, owed: 0 }
    subscriptions.add(subscription)
    if (link === 'live') open(subscription)
    else if (link !== 'opening') tell(subscription, 'lost')
    return () => {
      if (!subscriptions.has(subscription)) return
      forget(subscription)
      if (link === 'live' && subscription.id !== undefined) send({ type: 'cancel', id: subscription.id })
    }
  }

  const tell = (subscription: Subscription, state: 'live' | 'lost') => {
    if (subscription.told === state) return
    subscription.told = state
    subscription.options.onState?.(state)
  }

  const deliver = async (id: number, subscription: Subscription, event: unknown) => {
    const price = cost(event)
    tell(subscription, 'live')
    try {
      await subscription.onEvent(event)
    } catch (error) {
      subscription.options.onError?.(toAppError(error))
    }
    if (byId.get(id) !== subscription) return
    subscription.owed += price
    if (subscription.owed < creditStep) return
    send({ type: 'credit', id, amount: subscription.owed })
    subscription.owed = 0
  }

  transport.receive(message => {
    const reply = readReply(message)
    if (!reply) return
    if (reply.type === 'result') return calls.get(reply.id)?.resolve(reply.body)
    const subscription = byId.get(reply.id)
    if (reply.type === 'error') {
      const error = new AppError(reply.error.code, reply.error.details)
      calls.get(reply.id)?.reject(error)
      if (!subscription) return
      forget(subscription)
      return subscription.options.onError?.(error)
    }
    if (!subscription) return
    if (reply.type === 'event') void deliver(reply.id, subscription, reply.body)
    else forget(subscription)
  })

  transport.link(next => {
    link = next
    if (next === 'live') {
      sendWaiting()
      for (const subscription of [...subscriptions]) open(subscription)
    } else if (next !== 'opening') {
      byId.clear()
      for (const pending of [...calls.values()]) pending.reject(new AppError('connection.lost'))
      for (const subscription of [...subscriptions]) tell(subscription, 'lost')
    }
  })

  const client: Record<string, Record<string, unknown>> = {}
  for (const [domain, methods] of Object.entries(contract)) {
    const functions: Record<string, unknown> = {}
    for (const [name, definition] of Object.entries(methods)) {
      const method = `${domain}.${name}`
      functions[name] =
        definition.kind === 'call'
          ? (input: unknown, signal?: AbortSignal) => call(method, input, signal)
          : (input: unknown, onEvent: Subscription['onEvent'], options?: StreamOptions) =>
              subscribe(method, input, onEvent, options)
    }
    client[domain] = functions
  }
  return client as Client<C>
}
