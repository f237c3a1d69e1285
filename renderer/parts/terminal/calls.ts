// What the terminal's parts ask of the host: the terminal domain of the typed client, given to them as a prop.

import type { Call, Stream } from '../../../electron/contract/define.ts'
import type { AppError } from '../../../electron/contract/errors.ts'
import type { terminal } from '../../../electron/contract/terminal.ts'

type Options = { onState?(state: 'live' | 'lost'): void; onError?(error: AppError): void }

export type TerminalCalls = {
  [M in keyof typeof terminal]: (typeof terminal)[M] extends Call<infer I, infer O>
    ? (input: I, signal?: AbortSignal) => Promise<O>
    : (typeof terminal)[M] extends Stream<infer I, infer E>
      ? (input: I, onEvent: (event: E) => void | Promise<void>, options?: Options) => () => void
      : never
}
