// A builtin of the shell as a program of its own: /bin/echo, /usr/bin/test.

import type { Program } from '../program.ts'
import { builtins } from './builtins.ts'
import { Shell } from './shell.ts'

export const shellBuiltin =
  (name: string): Program =>
  (io, container) => {
    const shell = new Shell(io, container, builtins, {
      variables: new Map(Object.entries(io.env)),
      exported: new Set(),
      readOnly: new Set(),
      functions: new Map(),
      positional: [],
      name,
      cwd: io.cwd,
      options: new Set(),
      descriptors: new Map([
        [0, { input: io.stdin }],
        [1, { output: io.stdout }],
        [2, { output: io.stderr }],
      ]),
      traps: new Map(),
    })
    return shell.contained(async () => builtins[name]!(shell, [name, ...io.argv.slice(1)]))
  }
