// Answers that wait for the disk: what a client is told to be done survives the process.

import type { ServerResponse } from 'node:http'
import { statusOf } from './exchange.ts'

/** Holds the answer back until `kept` settles; where that fails, its Status goes out instead. */
export const holdUntil = (response: ServerResponse, kept: () => Promise<void>): void => {
  const end = response.end.bind(response)
  let isHeld = false
  const refuse = (error: unknown) => {
    const status = statusOf(error)
    const text = JSON.stringify(status)
    response.statusCode = status.code
    response.setHeader('Content-Type', 'application/json')
    response.setHeader('Content-Length', Buffer.byteLength(text))
    end(text)
  }
  const held = (body?: string | Buffer) => {
    // The first word counts.
    if (isHeld) return response
    isHeld = true
    // What failed changed nothing, and need not wait.
    if (response.statusCode >= 400) return end(body)
    kept().then(() => end(body), refuse)
    return response
  }
  response.end = held as typeof response.end
}
