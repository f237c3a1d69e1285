// Randomness that can be seeded, so that a test or a lecture can be played again exactly.

import { randomInt } from 'node:crypto'

export interface Random {
  (): number
  /** Where in its sequence it is: set, it goes on from there. */
  position: number
}

/** Numbers from 0 up to 1: a mulberry32 generator. Good for names, uids and jitter; never for secrets. */
export const createRandom = (seed: number = randomInt(2 ** 32)): Random => {
  const random = () => {
    const state = (random.position + 0x6d2b79f5) | 0
    random.position = state
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  random.position = seed | 0
  return random
}

// Models apimachinery/pkg/util/rand: no vowels and no look-alikes, so that no word appears.
const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** The tail of a generated name: five letters by default. */
export const randomSuffix = (random: () => number, length = 5): string => {
  let suffix = ''
  while (suffix.length < length) suffix += letters[Math.floor(random() * letters.length)]
  return suffix
}

/** A version 4 UUID. */
export const randomUid = (random: () => number): string => {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[Math.floor(random() * 4)]}${hex(3)}-${hex(8)}${hex(4)}`
}

/** Hex digits, as many as asked for: a multiple of eight. */
export const randomHex = (random: () => number, digits: number): string =>
  Array.from({ length: digits / 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('')
