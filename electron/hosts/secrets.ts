// Secrets that open a door: made at random, kept and compared as digests only.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits for what others could see in a process list; a QR code that a phone reads from afar carries 128. */
export const secret = (bytes = 32): string => randomBytes(bytes).toString('base64url')

/** What is kept of a secret. */
export const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Takes the same time whatever is given, so that it tells nothing, not even a length. */
export const isSame = (one: Buffer, other: Buffer): boolean => timingSafeEqual(one, other)
