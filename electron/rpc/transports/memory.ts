// Two ends in one process, for the command line and for tests.

import { createEnds, type Transport } from '../transport.ts'

/** What one end sends the other receives, by reference, a microtask later. Closing either closes both. */
export const createMemoryPair = (): [Transport, Transport] => {
  const ends = [createEnds('live'), createEnds('live')] as const
  const side = (mine: (typeof ends)[number], theirs: (typeof ends)[number]): Transport => ({
    send: message => queueMicrotask(() => theirs.state === 'live' && theirs.deliver(message)),
    receive: mine.receive,
    link: mine.link,
    close: () => {
      mine.become('closed')
      theirs.become('closed')
    },
  })
  return [side(ends[0], ends[1]), side(ends[1], ends[0])]
}
