// What a failed program, or a failed change of snapd, means: its own words turned into one of our errors.

import { AppError, type ErrorCode } from '../contract/errors.ts'

/** First match wins. The words are snapd's; it has them in English whatever the language. */
const known: readonly [RegExp, ErrorCode][] = [
  [/has "[\w-]+" change in progress|snap-change-conflict|changes? in progress/, 'setup.snapBusy'],
  [
    /cannot find signatures with metadata|cannot assert|signature verification failed|cannot resolve prerequisite assertion|hash mismatch|sha3-384/,
    'setup.snapSignature',
  ],
  [/low disk space|no space left on device|insufficient-disk-space/i, 'setup.diskFull'],
  [/cannot install (snap base|system snap)|cannot find required base|assumes unsupported features/, 'setup.snapBase'],
  [
    /unable to contact snap store|api\.snapcraft\.io|store is marked offline|dial tcp|network-timeout|dns-failure/,
    'setup.storeUnreachable',
  ],
  [/run hook "[\w-]+"|(install|configure|remove|post-refresh) hook of "?[\w-]+"?/, 'setup.snapHook'],
  [/cannot communicate with server|connect: no such file|connection refused|snapd\.socket/, 'setup.snapdSilent'],
]

const codeFor = (words: string): ErrorCode | undefined => known.find(([pattern]) => pattern.test(words))?.[1]

/** The last words are where programs say what went wrong. */
const shorten = (words: string): string => words.trim().split('\n').slice(-6).join('\n').slice(-800)

/** A program that failed. */
export const problemOf = (argv: readonly string[], code: number, stderr: string, stdout: string): AppError => {
  const words = shorten(stderr.trim() === '' ? stdout : stderr)
  return new AppError(codeFor(words) ?? 'setup.command', { command: argv.join(' '), code, words, path: '/var/lib/snapd' })
}

/** A change that snapd ended with an error and took back. */
export const problemOfChange = (summary: string, error: string): AppError =>
  new AppError(codeFor(error) ?? 'setup.snapFailed', { command: summary, words: shorten(error), code: 1, path: '/var/lib/snapd' })
