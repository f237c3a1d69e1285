// `/practice/snapshots`, `/practice/rewind` and `/practice/afresh`: the cluster's memory over HTTP.

import { parseJson, readBody } from '../api/body.ts'
import { type Exchange, sendObject } from '../api/exchange.ts'
import { isRecord } from '../is-record.ts'
import { badRequest, StatusError } from '../status-error.ts'
import type { Snapshots } from './snapshots.ts'

const notServed = () => new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
const notAllowed = () =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

const wishOf = async (exchange: Exchange): Promise<Record<string, unknown>> => {
  const wish = parseJson(await readBody(exchange))
  if (!isRecord(wish)) throw badRequest('the body must be a JSON object')
  return wish
}

/** Answers what is its own; false for other paths. @throws StatusError */
export const createMemoryRoutes =
  (snapshots: Snapshots) =>
  async (exchange: Exchange): Promise<boolean> => {
    const { method } = exchange
    const [, place, name, action, ...more] = exchange.path
    if (place === 'rewind' || place === 'afresh') {
      if (name !== undefined) throw notServed()
      if (method !== 'POST') throw notAllowed()
      if (place === 'afresh') sendObject(exchange, 200, snapshots.startAfresh())
      else {
        const { seconds } = await wishOf(exchange)
        if (typeof seconds !== 'number') throw badRequest('seconds must be a number')
        sendObject(exchange, 200, snapshots.rewind(seconds))
      }
      return true
    }
    if (place !== 'snapshots') return false
    if (more.length > 0 || (action !== undefined && action !== 'restore')) throw notServed()
    if (name === undefined) {
      if (method === 'GET') sendObject(exchange, 200, { since: snapshots.since, snapshots: snapshots.list() })
      else if (method === 'POST') {
        const { name: wanted } = await wishOf(exchange)
        if (typeof wanted !== 'string') throw badRequest('name must be a string')
        sendObject(exchange, 201, snapshots.take(wanted))
      } else throw notAllowed()
    } else if (action === 'restore') {
      if (method !== 'POST') throw notAllowed()
      sendObject(exchange, 200, snapshots.restore(name))
    } else if (method === 'DELETE') {
      snapshots.remove(name)
      sendObject(exchange, 200, { name })
    } else if (method === 'GET') {
      const info = snapshots.list().find(each => each.name === name)
      if (!info) throw new StatusError(404, 'NotFound', `snapshots.practice "${name}" not found`)
      sendObject(exchange, 200, info)
    } else throw notAllowed()
    return true
  }
