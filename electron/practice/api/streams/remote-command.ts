// What exec and attach are once the wire is out of the way: streams, a terminal's size, and one Status at the end.

import { type Status, StatusError } from '../../status-error.ts'

/** The Status that ends a remote command; upstream leaves `metadata` empty and `code` out. */
export type Outcome = Pick<Status, 'status' | 'message' | 'reason' | 'details'> & { metadata: object; code?: number }

/** A client's end of exec or attach. Output functions resolve once the client's connection has taken the bytes. */
export interface RemoteCommand {
  /** Ends at the client's end of input; undefined where the client did not ask for it. */
  stdin?: AsyncIterable<Uint8Array>
  stdout(bytes: Uint8Array): Promise<void>
  stderr(bytes: Uint8Array): Promise<void>
  /** The newest size of the client's terminal; undefined until it tells one. */
  size(): TerminalSize | undefined
  onResize(listener: (size: TerminalSize) => void): void
  /** Fires when the client is gone, and after `finish`. */
  signal: AbortSignal
  /** Sends the outcome after all output and closes; later calls and output are dropped. */
  finish(outcome: Outcome): void
}

export interface TerminalSize {
  columns: number
  rows: number
}

/** Which streams a client asked for in its query. */
export interface Wanted {
  stdin: boolean
  stdout: boolean
  stderr: boolean
  tty: boolean
}

/** Reads `stdin`, `stdout`, `stderr` and `tty`; a terminal has no stderr of its own. @throws StatusError 400 where nothing is asked for */
export function wantedStreams(query: URLSearchParams): Wanted {
  // Models kubernetes/pkg/kubelet/cri-streaming/remotecommand/httpstream.go NewOptions
  const is = (name: string) => ['1', 'true'].includes(query.get(name) ?? '')
  const tty = is('tty')
  const wanted = { stdin: is('stdin'), stdout: is('stdout'), stderr: is('stderr') && !tty, tty }
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr) {
    throw new StatusError(400, 'BadRequest', 'you must specify at least 1 of stdin, stdout, stderr')
  }
  return wanted
}

/** What a terminal has that does not know its size, or has not told it yet. */
export const defaultSize: TerminalSize = { columns: 80, rows: 24 }

/** A size as clients send it: JSON with Width and Height in any case, 0 for one not known; undefined for anything else. */
export function parseSize(text: string): TerminalSize | undefined {
  try {
    const fields = Object.entries(JSON.parse(text) as object).map(([name, value]) => [name.toLowerCase(), value] as const)
    const { width, height } = Object.fromEntries(fields) as { width?: unknown; height?: unknown }
    const isSide = (side: unknown): side is number => Number.isInteger(side) && Number(side) >= 0 && Number(side) <= 65_535
    if (!isSide(width) || !isSide(height)) return undefined
    return { columns: width || defaultSize.columns, rows: height || defaultSize.rows }
  } catch {
    return undefined // a resize that cannot be read changes nothing, as upstream
  }
}

// Models kubernetes/pkg/kubelet/cri-streaming/remotecommand/exec.go

export const succeeded: Outcome = { metadata: {}, status: 'Success' }

/** How kubectl learns the exit code of an exec. */
export const exitedWith = (exitCode: number, argv: readonly string[]): Outcome => ({
  metadata: {},
  status: 'Failure',
  message: `command terminated with non-zero exit code: error executing command [${argv.join(' ')}], exit code ${exitCode}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
})

/** A StatusError as it is; anything else as the API server's internal error. `doing` is upstream's phrase, `error attaching to container`. */
export function failedWith(error: unknown, doing: string): Outcome {
  if (error instanceof StatusError) return error.status
  const message = `${doing}: ${error instanceof Error ? error.message : String(error)}`
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  }
}
