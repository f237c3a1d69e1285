// What the .deb asks for: names that exist from Ubuntu 22.04 to 26.04, and all of it on a fresh desktop, so that it installs offline.

import { readFileSync } from 'node:fs'

/** Renamed where times became 64 bits wide (24.04); either name will do. */
const renamed = ['libgtk-3-0', 'libglib2.0-0', 'libatk1.0-0', 'libatk-bridge2.0-0', 'libatspi2.0-0', 'libcups2', 'libasound2']

const plain = [
  ...[
    'libcairo2',
    'libdbus-1-3',
    'libdrm2',
    'libexpat1',
    'libgbm1',
    'libnspr4',
    'libnss3',
    'libpango-1.0-0',
    'libx11-6',
    'libxcb1',
  ],
  ...['libxcomposite1', 'libxdamage1', 'libxext6', 'libxfixes3', 'libxkbcommon0', 'libxrandr2'],
  // Loaded when they are needed: notifications, the keyring that encrypts cookies, opening links.
  ...['libnotify4', 'libsecret-1-0', 'xdg-utils'],
]

/** The newest version of the C library that a program asks for, `2.34`: it runs nowhere older. */
export const glibcOf = (paths: readonly string[]): string => {
  const found = paths.flatMap(path =>
    [...readFileSync(path, 'latin1').matchAll(/GLIBC_2\.(\d+)/g)].map(match => Number(match[1])),
  )
  return `2.${Math.max(17, ...found)}`
}

/** @param programs what was compiled, here or elsewhere, and is packed */
export const dependsOn = (programs: readonly string[]): string[] => [
  `libc6 (>= ${glibcOf(programs)})`,
  'libstdc++6',
  ...renamed.map(name => `${name}t64 | ${name}`),
  ...plain,
  // The dialog that asks for the password; 22.04 still knows its old name.
  'pkexec | policykit-1',
  'polkitd | policykit-1',
]

/** A lesson works without these; Setup and a terminal of one's own do not. */
export const recommends = ['snapd']
