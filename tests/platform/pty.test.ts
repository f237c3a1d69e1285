import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openPty, type Pty, userEnvironment } from '../../electron/platform/pty.ts'

const folder = mkdtempSync(join(tmpdir(), 'khw-pty-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (argv: [string, ...string[]], use: (pty: Pty) => void = () => {}) =>
  new Promise<{ bytes: Buffer; code: number }>(resolve => {
    const chunks: Uint8Array[] = []
    const pty = openPty({
      argv,
      env: userEnvironment(),
      cwd: folder,
      cols: 80,
      rows: 24,
      onData: bytes => chunks.push(bytes.slice()),
      onExit: code => resolve({ bytes: Buffer.concat(chunks), code }),
    })
    use(pty)
  })

const pauseAtStart = (pty: Pty) => {
  pty.pause()
  setTimeout(() => pty.resume(), 400)
}

for (const [name, size] of [
  ['3 KB', 3_000],
  ['60 KB', 60_000],
  ['2 MB', 2_000_000],
] as const)
  for (const paused of [false, true])
    test(`not a byte of ${name} is lost at exit in 40 runs${paused ? ', paused while the program ends' : ''}`, async () => {
      const file = join(folder, name.replace(' ', ''))
      const wanted = Buffer.alloc(size, 'abcdefghij0123456789 ')
      writeFileSync(file, wanted)
      for (let batch = 0; batch < 5; batch += 1) {
        const runs = await Promise.all(
          Array.from({ length: 8 }, (_, n) => run(['sh', '-c', `cat ${file}; exit ${n}`], paused ? pauseAtStart : undefined)),
        )
        for (const [n, { bytes, code }] of runs.entries()) {
          expect(bytes.length).toBe(size)
          expect(bytes.equals(wanted)).toBe(true)
          expect(code).toBe(n)
        }
      }
    }, 60_000)

test('the end mark of another run is ordinary output', async () => {
  const { bytes, code } = await run(['printf', '\\033]6973;deadbeef;0\\007'])
  expect(bytes.toString()).toBe('\x1b]6973;deadbeef;0\x07')
  expect(code).toBe(0)
})

test('Ctrl+C reaches the program, and its code is a shell’s', async () => {
  const { code } = await run(['sleep', '60'], pty => setTimeout(() => pty.write('\x03'), 300))
  expect(code).toBe(130)
})

test('closing hangs up', async () => {
  const { code } = await run(['sleep', '60'], pty => setTimeout(() => pty.close(), 200))
  expect(code).toBe(129)
})

test('a folder that is not there is a clear error', () => {
  const open = () => openPty({ argv: ['true'], env: {}, cwd: '/no/such', cols: 80, rows: 24, onData: () => {}, onExit: () => {} })
  expect(open).toThrow(/terminal\.failed.*no such/)
})

test('what packaging put into the environment stays out of the shell', () => {
  const env = userEnvironment({
    APPDIR: '/tmp/.mount_x',
    APPIMAGE: '/home/u/x.AppImage',
    LD_LIBRARY_PATH: '/tmp/.mount_x/usr/lib',
    PATH: '/tmp/.mount_x/usr/bin:/checkout/node_modules/.bin:/usr/bin',
    npm_config_prefix: '/p',
    ELECTRON_RUN_AS_NODE: '1',
    HOME: '/home/u',
  })
  expect(env).toEqual({ PATH: '/usr/bin', HOME: '/home/u', TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' })
})
