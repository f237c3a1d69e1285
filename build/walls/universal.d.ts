// The few globals that browsers and Node share and that the wall rooms (contract, rpc, lessons) may use.
// It stands in for the `dom` and `node` libraries there, so that anything else does not compile.

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
declare const AbortSignal: { any(signals: Iterable<AbortSignal>): AbortSignal; abort(reason?: unknown): AbortSignal }
interface AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}
declare const AbortController: { new (): AbortController }
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  decode(bytes?: Uint8Array): string
}
declare function queueMicrotask(task: () => void): void
declare function setTimeout(task: () => void, ms: number): object
declare function clearTimeout(timer: object | undefined): void
