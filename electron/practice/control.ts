// The practice cluster's own doors beside the Kubernetes API: its time, its nodes and its memory, for the app that shows it.

import { parseJson, readBody } from './api/body.ts'
import { type Exchange, sendObject } from './api/exchange.ts'
import type { ClockState, PausableClock } from './clock.ts'
import { images } from './images/index.ts'
import { isRecord } from './is-record.ts'
import type { Nodes } from './kubelet/nodes.ts'
import { createMemoryRoutes } from './memory/routes.ts'
import type { Snapshots } from './memory/snapshots.ts'
import { badRequest, StatusError } from './status-error.ts'
import type { Store } from './store.ts'

export interface ControlOptions {
  clock: PausableClock
  nodes: Nodes
  store: Store
  snapshots: Snapshots
  signal: AbortSignal
}

/** Awakenings in one step before it ends without a change: an idle cluster has nothing to show. */
const mostAwakenings = 1000
/** Turns of the event loop in which what woke may write: a write follows in the first, an answer over the network a few later. */
const turns = 4

/** Goes on to the next moment at which something in the cluster changes; false where nothing does. */
export const stepToChange = async (clock: PausableClock, store: Store): Promise<boolean> => {
  const { revision } = store
  for (let count = 0; count < mostAwakenings; count++) {
    if (!clock.step()) return false
    for (let turn = 0; turn < turns; turn++) await clock.sleep(0)
    if (store.revision !== revision) return true
  }
  return false
}

const notServed = () => new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
const notAllowed = () =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

/** Answers all below `/practice`; the token has been seen. */
export const createControl = ({
  clock,
  nodes,
  store,
  snapshots,
  signal,
}: ControlOptions): ((exchange: Exchange) => Promise<void>) => {
  const remember = createMemoryRoutes(snapshots)
  const follow = ({ response }: Exchange) => {
    response.writeHead(200, { 'content-type': 'application/jsonl', 'cache-control': 'no-cache' })
    const tell = (state: ClockState) => void response.write(`${JSON.stringify(state)}\n`)
    tell(clock.state())
    const stop = clock.onState(tell)
    const end = () => {
      stop()
      response.end()
    }
    response.on('close', stop)
    signal.addEventListener('abort', end, { once: true })
  }

  const changeClock = async (wish: Record<string, unknown>) => {
    const { action, speed } = wish
    if (speed !== undefined) {
      try {
        clock.setSpeed(Number(speed))
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        throw badRequest(error.message)
      }
    }
    if (action === 'pause') clock.pause()
    else if (action === 'resume') clock.resume()
    else if (action === 'step') await stepToChange(clock, store)
    else if (action !== undefined) throw badRequest('action must be pause, resume or step')
  }

  const onNode: Record<string, (name: string) => unknown> = {
    cordon: name => nodes.cordon(name, true),
    uncordon: name => nodes.cordon(name, false),
    drain: name => nodes.drain(name),
    kill: name => nodes.kill(name),
    revive: name => nodes.revive(name),
  }

  return async exchange => {
    const { method, query } = exchange
    const [, place, name, action, ...more] = exchange.path
    if (await remember(exchange)) return
    if (method !== 'GET' && method !== 'POST') throw notAllowed()
    if (place === 'clock' && name === undefined) {
      if (method === 'GET' && query.get('watch') === 'true') return follow(exchange)
      if (method === 'POST') {
        const wish = parseJson(await readBody(exchange))
        if (!isRecord(wish)) throw badRequest('the body must be a JSON object')
        await changeClock(wish)
      }
      return sendObject(exchange, 200, clock.state())
    }
    // What it plays; every other image starts too, and idles.
    if (place === 'images' && name === undefined && method === 'GET')
      return sendObject(exchange, 200, { images: images.map(({ name: path }) => path) })
    if (place !== 'nodes' || more.length > 0) throw notServed()
    if (name === undefined) return sendObject(exchange, 200, method === 'POST' ? { name: nodes.add() } : { nodes: nodes.list() })
    const act = action !== undefined && Object.hasOwn(onNode, action) ? onNode[action] : undefined
    if (!act) throw notServed()
    if (method !== 'POST') throw notAllowed()
    const pods = act(name)
    return sendObject(exchange, 200, { name, ...(Array.isArray(pods) && { pods }) })
  }
}
