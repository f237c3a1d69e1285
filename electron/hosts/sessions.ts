// One-time codes that open a page, and the session tokens for which pages exchange them.

import type { Clock } from '../platform/clock.ts'
import { digest, isSame, secret } from './secrets.ts'

export interface Sessions {
  /** A fresh code; it dies with its first use or its time. */
  issueCode(): string
  /** A session token for a living code, else undefined. */
  exchange(code: string): string | undefined
  isValid(token: string): boolean
}

export interface SessionsOptions {
  clock: Clock
  /** Milliseconds that a code lives: as short as opening a browser takes, because others can see it in the process list. */
  codeLifetime?: number
}

/** Newest kept; a person has a few browsers, not dozens. */
const maxCodes = 8
const maxTokens = 32

export const createSessions = ({ clock, codeLifetime = 30_000 }: SessionsOptions): Sessions => {
  let codes: { digest: Buffer; until: number }[] = []
  let tokens: Buffer[] = []

  return {
    issueCode: () => {
      const code = secret()
      codes = [...codes, { digest: digest(code), until: clock.now() + codeLifetime }].slice(-maxCodes)
      return code
    },
    exchange: code => {
      const given = digest(code)
      const now = clock.now()
      const found = codes.filter(known => isSame(known.digest, given))
      codes = codes.filter(known => known.until > now && !found.includes(known))
      if (!found.some(known => known.until > now)) return undefined
      const token = secret()
      tokens = [...tokens, digest(token)].slice(-maxTokens)
      return token
    },
    isValid: token => {
      const given = digest(token)
      return tokens.filter(known => isSame(known, given)).length > 0
    },
  }
}
