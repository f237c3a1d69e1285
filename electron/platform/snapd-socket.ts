// snapd's REST interface over its socket, for looking only: its GETs need no root.

import { request } from 'node:http'

export interface SnapdAnswer {
  /** HTTP status; 0 where snapd does not answer: not there, starting anew, or silent. */
  status: number
  result: unknown
}

/** Never throws: a daemon that is away is an answer too. */
export const askSnapd = (
  path: string,
  { socket = '/run/snapd.socket', timeout = 10_000 }: { socket?: string; timeout?: number } = {},
): Promise<SnapdAnswer> =>
  new Promise(resolve => {
    const away = (error: unknown) => resolve({ status: 0, result: error instanceof Error ? error.message : String(error) })
    const asked = request({ socketPath: socket, path, method: 'GET', headers: { host: 'localhost' }, timeout }, answer => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', away)
      answer.on('end', () => {
        try {
          const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { result?: unknown }
          resolve({ status: answer.statusCode ?? 0, result: body.result })
        } catch (error) {
          away(error)
        }
      })
    })
    asked.on('error', away)
    asked.on('timeout', () => asked.destroy(new Error('timeout')))
    asked.end()
  })
