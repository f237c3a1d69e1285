// This machine's own addresses, as others on its networks reach it.

import { networkInterfaces } from 'node:os'

export interface OwnAddress {
  address: string
  /** The network card: `wlp3s0`. */
  card: string
}

/** Wireless first, then wired; cards of virtual machines and containers lead nowhere where a phone is. */
const order = [/^wl/, /^(en|eth)/, /^usb/, /^(?!lo|docker|br-|virbr|veth|cni|cali|flannel|vxlan|lxd|tailscale|wg|tun)/]

const rankOf = (card: string): number => {
  const rank = order.findIndex(pattern => pattern.test(card))
  return rank < 0 ? order.length : rank
}

/** Every IPv4 address, likeliest first; the loopback address, which only this machine reaches, last. */
export const ownAddresses = (cards = networkInterfaces()): OwnAddress[] =>
  Object.entries(cards)
    .flatMap(([card, found = []]) =>
      found
        .filter(({ family, address }) => family === 'IPv4' && !address.startsWith('169.254.'))
        .map(({ address, internal }) => ({ address, card, rank: internal ? 99 : rankOf(card) })),
    )
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ address, card }) => ({ address, card }))
