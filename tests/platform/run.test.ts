import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKubectlFinder, findProgram } from '../../electron/platform/kubectl.ts'
import { launch } from '../../electron/platform/launch.ts'
import { run } from '../../electron/platform/run.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-run-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const program = (name: string, text: string, mode = 0o755) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const until = async (condition: () => boolean) => {
  for (let n = 0; n < 300 && !condition(); n++) await new Promise(done => setTimeout(done, 10))
  expect(condition()).toBe(true)
}

describe('run', () => {
  it('passes arguments as they are: no shell reads them', async () => {
    const argv = ['printf', '%s|', 'a b', '$(id)', '; rm x', '\'"', '你好'] as const
    expect(await run(argv)).toMatchObject({ code: 0, stdout: 'a b|$(id)|; rm x|\'"|你好|', stderr: '', cut: false })
  })

  it('tells how it ended', async () => {
    expect((await run(['sh', '-c', 'echo bad >&2; exit 7'])).code).toBe(7)
    expect((await run(['sh', '-c', 'kill -TERM $$'])).code).toBe(143)
    expect((await run([join(folder, 'none')])).code).toBe(127)
    expect((await run([program('plain', 'text', 0o644)])).code).toBe(126)
  })

  it('gives input, environment and folder', async () => {
    const result = await run(['sh', '-c', 'cat; echo "$X"; pwd'], {
      input: 'in\n',
      env: { PATH: process.env.PATH, X: 'x' },
      cwd: folder,
    })
    expect(result.stdout).toBe(`in\nx\n${folder}\n`)
    expect((await run(['true'], { input: 'x'.repeat(1_000_000) })).code).toBe(0)
  })

  it('keeps output up to its cap and lets the program finish', async () => {
    const result = await run(['sh', '-c', 'head -c 300000 /dev/zero | tr "\\0" x; echo end >&2'], { maxOutput: 1000 })
    expect(result).toMatchObject({ code: 0, stderr: 'end\n', cut: true })
    expect(result.stdout).toHaveLength(1000)
  })

  it('kills by signal what it started and what that started', async () => {
    const abort = new AbortController()
    const file = join(folder, 'pid')
    const ended = run(['sh', '-c', `sleep 100 & echo $! > ${file}; wait`], { signal: abort.signal })
    const { readText } = await import('../../electron/platform/files.ts')
    let pid = 0
    for (let n = 0; n < 200 && !pid; n++) {
      pid = Number((await readText(file)) ?? 0)
      await new Promise(done => setTimeout(done, 10))
    }
    expect(isAlive(pid)).toBe(true)
    abort.abort(new Error('enough'))
    await expect(ended).rejects.toThrow('enough')
    await until(() => !isAlive(pid))
    await expect(run(['true'], { signal: abort.signal })).rejects.toThrow('enough')
  })

  it('kills after its time', async () => {
    expect(await run(['sleep', '100'], { timeout: 50 })).toMatchObject({ code: 137, timedOut: true })
  })
})

describe('launch', () => {
  const entry = (text: string) => program('entry.js', text, 0o644)

  it('waits for the ready line, then tells of the end', async () => {
    const file = entry(`console.log('hello'); console.log(JSON.stringify({ a: process.argv[2] })); setInterval(() => {}, 1000)`)
    const { ready, exited, stop } = await launch({ file, args: ['x y'] })
    expect(ready).toEqual({ a: 'x y' })
    await stop()
    expect(await exited).toBe('exit SIGTERM')
  })

  it('tells the last words of one that dies before', async () => {
    const file = entry(`console.error('port taken'); process.exit(3)`)
    await expect(launch({ file })).rejects.toMatchObject({ code: 'practice.failed', details: { reason: 'port taken' } })
  })

  it('tells how one that was ready died', async () => {
    const { exited } = await launch({
      file: entry(`console.log('{}'); setTimeout(() => { console.error('oh'); process.exit(9) }, 50)`),
    })
    expect(await exited).toBe('exit 9: oh')
  })

  it.each([
    ['silence', 'setInterval(() => {}, 1000)'],
    ['a line that is no JSON', `console.log('{nonsense'); setInterval(() => {}, 1000)`],
  ])('gives up on %s and ends it', async (_, text) => {
    const file = entry(`require('fs').writeFileSync(__dirname + '/pid', String(process.pid)); ${text}`)
    await expect(launch({ file, patience: 1500 })).rejects.toMatchObject({ code: 'practice.failed' })
    const { readText } = await import('../../electron/platform/files.ts')
    const pid = Number(await readText(join(folder, 'pid')))
    await until(() => !isAlive(pid))
  })

  it('can be called off', async () => {
    const abort = new AbortController()
    const starting = launch({ file: entry('setInterval(() => {}, 1000)'), signal: abort.signal })
    abort.abort(new Error('called off'))
    await expect(starting).rejects.toThrow('called off')
  })
})

describe('kubectl', () => {
  const fake = (version: string) =>
    program('kubectl', `#!/bin/sh\necho x >> ${folder}/asked\necho '{"clientVersion":{"gitVersion":"${version}"}}'\n`)

  it('is the first on PATH, and is asked once', async () => {
    const path = fake('v1.36.2')
    const find = createKubectlFinder({ PATH: `relative:/nowhere:${folder}:/usr/bin:/bin` })
    expect(await find()).toEqual({ path, version: 'v1.36.2' })
    expect(await find()).toEqual({ path, version: 'v1.36.2' })
    const { readText } = await import('../../electron/platform/files.ts')
    expect(await readText(join(folder, 'asked'))).toBe('x\n')
  })

  it('is nothing where there is none, or none that answers; and is found once it is there', async () => {
    const find = createKubectlFinder({ PATH: folder })
    expect(await find()).toBeUndefined()
    program('kubectl', '#!/bin/sh\nexit 1\n')
    expect(await createKubectlFinder({ PATH: folder })()).toBeUndefined()
    fake('v1.20.2')
    expect(await find()).toMatchObject({ version: 'v1.20.2' })
  })

  it('is no folder and no file that cannot be run', () => {
    program('tool', 'text', 0o644)
    expect(findProgram('tool', { PATH: folder })).toBeUndefined()
    expect(findProgram('khw-run', { PATH: tmpdir() })).toBeUndefined()
  })
})
