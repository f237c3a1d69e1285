// What carries messages between a page and the host: four verbs, so that memory, sockets, ports and Electron look alike.

export type Stop = () => void

/** `opening` comes first and once; `lost` will be tried again by itself; `closed` is final. */
export type Link = 'opening' | 'live' | 'lost' | 'closed'

/** Messages arrive whole and in order, or the link is no longer `live`. What is sent over a link that is not live is dropped. */
export interface Transport {
  send(message: unknown): void
  receive(listener: (message: unknown) => void): Stop
  /** Tells the present state at once, then each change. */
  link(listener: (link: Link) => void): Stop
  close(): void
}

/** Listeners and link state, as every transport needs them. */
export const createEnds = (first: Link) => {
  const receivers = new Set<(message: unknown) => void>()
  const watchers = new Set<(link: Link) => void>()
  let link = first
  return {
    get state(): Link {
      return link
    },
    deliver(message: unknown): void {
      for (const listener of receivers) listener(message)
    },
    become(next: Link): void {
      if (next === link || link === 'closed') return
      link = next
      for (const listener of [...watchers]) listener(next)
    },
    receive(listener: (message: unknown) => void): Stop {
      receivers.add(listener)
      return () => receivers.delete(listener)
    },
    link(listener: (link: Link) => void): Stop {
      watchers.add(listener)
      listener(link)
      return () => watchers.delete(listener)
    },
  }
}
