// How the contract is written: a Call changes something (or fetches what never changes), a Stream tells everything else.

/** Checks a value from the wire and returns it typed; throws when it does not fit. Every zod schema is one. */
export interface Schema<T> {
  parse(value: unknown): T
}

/** One question, one answer: an acknowledgement or an error, never news. */
export interface Call<I, O> {
  kind: 'call'
  input: Schema<I>
  output: Schema<O>
}

/** News until cancelled. The first event is always a full snapshot, so reconnecting is resubscribing. */
export interface Stream<I, E> {
  kind: 'stream'
  input: Schema<I>
  event: Schema<E>
}

export const call = <I, O>(input: Schema<I>, output: Schema<O>): Call<I, O> => ({ kind: 'call', input, output })

export const stream = <I, E>(input: Schema<I>, event: Schema<E>): Stream<I, E> => ({ kind: 'stream', input, event })

/** What a service is given beside its input: a signal that fires when the caller cancels or goes away. */
export interface Context {
  signal: AbortSignal
}

/** The function behind a Call or a Stream. A stream is pulled, so a slow reader slows its source. */
export type Handler<M> =
  M extends Call<infer I, infer O>
    ? (input: I, context: Context) => O | Promise<O>
    : M extends Stream<infer I, infer E>
      ? (input: I, context: Context) => AsyncIterable<E>
      : never

/** One service for each domain, one function for each method. */
export type Services<C> = { [D in keyof C]: { [M in keyof C[D]]: Handler<C[D][M]> } }
