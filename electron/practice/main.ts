// The practice cluster as a process of its own: says in one JSON line that it is ready, and runs until it is told to stop.

import { Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { createPractice } from './practice.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    nodes: { type: 'string' },
    seed: { type: 'string' },
    speed: { type: 'string' },
    'upstream-proxy': { type: 'string' },
    'proxy-port': { type: 'string' },
    state: { type: 'string' },
    afresh: { type: 'boolean' },
  },
})
const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
const [port, nodes, seed, speed, proxyPort] = [values.port, values.nodes, values.seed, values.speed, values['proxy-port']].map(
  numberOf,
)

const say = (line: string) => process.stderr.write(`${line}\n`)
const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** Where the cluster is kept, and what is there. */
const openState = async (folder: string) => {
  const [{ openJournal }, { realClock }] = await Promise.all([import('../platform/journal.ts'), import('../platform/clock.ts')])
  const { journal: log, records } = await openJournal(folder, { isAfresh: values.afresh ?? false, now: realClock.now() })
  return { log, records }
}
/** An error with a code that our starter knows crosses the pipe as what it is. */
const wireOf = (error: unknown): unknown =>
  error instanceof Error && 'toWire' in error && typeof error.toWire === 'function' ? error.toWire() : undefined

try {
  const state = values.state === undefined ? undefined : await openState(values.state)
  const practice = await createPractice({
    ...(port !== undefined && { port }),
    ...(nodes !== undefined && { nodes }),
    ...(seed !== undefined && { seed }),
    ...(speed !== undefined && { speed }),
    ...(proxyPort !== undefined && { proxyPort }),
    ...(values['upstream-proxy'] !== undefined && { upstreamProxy: values['upstream-proxy'] }),
    ...(state && { state }),
    onError: (where, error) => say(`${where}: ${textOf(error)}`),
  })
  const { server, kubeconfig, httpProxy } = practice
  // Milliseconds since the process began, this line included.
  const readyMs = Math.round(performance.now() * 10) / 10
  process.stdout.write(`${JSON.stringify({ server, kubeconfig, httpProxy, readyMs })}\n`)
  let isStopping = false
  const stop = () => {
    if (isStopping) process.exit(1)
    isStopping = true
    practice.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        say(textOf(error))
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // The pipe to whoever started us closes when they die, however they die.
  if (process.stdin instanceof Socket && !process.stdin.isTTY) process.stdin.on('end', stop).on('error', stop).resume()
} catch (error) {
  const wire = wireOf(error)
  if (wire) process.stdout.write(`${JSON.stringify({ error: wire })}\n`)
  say(textOf(error))
  process.exitCode = 1
}
