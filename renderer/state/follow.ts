// A stream reduced into a store: what is known, whether it is fresh, and why it ended if it did.

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AppError } from '../../electron/contract/errors.ts'

export interface Followed<T> {
  /** Undefined until the first event. */
  value: T | undefined
  /** False before the first event, and while the link is lost: then `value` is what was last known. */
  isFresh: boolean
  /** Set when the stream ended by itself; `again` asks for it anew. */
  error: AppError | undefined
}

export interface Follower<T> {
  store: StoreApi<Followed<T>>
  again(): void
  stop(): void
}

type Subscribe<E> = (
  onEvent: (event: E) => void,
  options: { onState(state: 'live' | 'lost'): void; onError(error: AppError): void },
) => () => void

/** @param reduce pure: what was known and one event to what is known now */
export const follow = <E, T>(subscribe: Subscribe<E>, reduce: (known: T | undefined, event: E) => T | undefined): Follower<T> => {
  const store = createStore<Followed<T>>(() => ({ value: undefined, isFresh: false, error: undefined }))
  const start = () =>
    subscribe(event => store.setState(({ value }) => ({ value: reduce(value, event), isFresh: true, error: undefined })), {
      onState: state => store.setState({ isFresh: state === 'live' }),
      onError: error => store.setState({ error, isFresh: false }),
    })
  let leave = start()
  return {
    store,
    again: () => {
      leave()
      store.setState({ error: undefined })
      leave = start()
    },
    stop: () => leave(),
  }
}
