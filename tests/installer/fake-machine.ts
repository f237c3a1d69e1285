// A machine as a table: files, what programs answer, what snapd answers, and, once let in, what root sees.

import type { FileInfo, Machine, RootAnswer } from '../../electron/installer/machine.ts'

export interface Table {
  /** Text, or what stands there without text. */
  files?: Readonly<Record<string, string | Partial<FileInfo>>>
  /** By the words of the command, joined by spaces. 127 for all others. */
  commands?: Readonly<Record<string, Partial<RootAnswer>>>
  /** Snaps by name; snapd's other answers by path. `silent`: it does not answer at all. */
  snaps?: Readonly<Record<string, Record<string, unknown>>>
  snapd?: Readonly<Record<string, unknown>> | 'silent'
  /** By verb, or by verb and kind (`look-objects pods`). Without it nobody is root. */
  root?: Readonly<Record<string, Partial<RootAnswer>>>
  env?: Readonly<Record<string, string>>
  uid?: number
}

const notFound = { status: 404, result: { message: 'snap not installed', kind: 'snap-not-found' } }

export const fakeMachine = ({
  files = {},
  commands = {},
  snaps = {},
  snapd = {},
  root,
  env = {},
  uid = 1000,
}: Table = {}): Machine => {
  const answerOf = (answer: Partial<RootAnswer> | undefined): RootAnswer => ({
    code: answer ? 0 : 127,
    stdout: '',
    stderr: '',
    ...answer,
  })
  const infoOf = (path: string): FileInfo | undefined => {
    const entry = files[path]
    if (entry === undefined) return undefined
    const info = { kind: 'file', size: 0, mode: 0o644, uid: 0 } as const
    return typeof entry === 'string' ? { ...info, size: entry.length } : { ...info, ...entry }
  }
  return {
    read: async path => (typeof files[path] === 'string' ? files[path] : undefined),
    list: async folder =>
      Object.keys(files)
        .filter(path => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'))
        .map(path => path.slice(folder.length + 1))
        .sort(),
    info: async path => infoOf(path),
    space: async () => ({ free: 50e9, total: 100e9 }),
    run: async argv => answerOf(commands[argv.join(' ')]),
    snapd: async path => {
      if (snapd === 'silent') return { status: 0, result: 'ENOENT' }
      if (path in snapd) return { status: 200, result: snapd[path] }
      if (path === '/v2/system-info') return { status: 200, result: { version: '2.68.3' } }
      const withNames = Object.entries(snaps).map(([name, snap]) => ({
        name,
        version: '1',
        revision: '1',
        status: 'active',
        ...snap,
      }))
      if (path === '/v2/snaps' || path === '/v2/snaps?select=all') return { status: 200, result: withNames }
      if (path.startsWith('/v2/changes?')) return { status: 200, result: [] }
      const found = withNames.find(({ name }) => path === `/v2/snaps/${name}`)
      return found ? { status: 200, result: found } : notFound
    },
    now: () => Date.parse('2026-11-22T12:00:00Z'),
    user: { uid, gid: uid, name: 'alice', home: '/home/alice' },
    env: { PATH: '/usr/bin:/bin', HOME: '/home/alice', ...env },
    arch: 'x64',
    hostname: 'desk',
    ...(root === undefined
      ? {}
      : {
          root: async request =>
            answerOf(root['kind' in request ? `${request.verb} ${request.kind}` : request.verb] ?? root[request.verb]),
        }),
  }
}
