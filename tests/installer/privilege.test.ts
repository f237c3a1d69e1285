import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { argvFor, chooseHow, elevate, type HelperProgram, whyNot } from '../../electron/installer/privilege.ts'
import { fakeMachine } from './fake-machine.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-privilege-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const source: HelperProgram = { argv: ['/usr/bin/node', '/opt/setup-helper.cjs'], installed: false }
const installedOne: HelperProgram = { argv: ['/usr/lib/kubernetes-hello-world/setup-helper'], installed: true }
const both = { '/usr/bin/sudo': 'x', '/usr/bin/pkexec': 'x' }
const desktop = { WAYLAND_DISPLAY: 'wayland-0' }

describe('the way to root', () => {
  it.each([
    ['root is root', fakeMachine({ uid: 0 }), source, true, 'root'],
    ['a desktop and our polkit action', fakeMachine({ files: both, env: desktop }), installedOne, true, 'pkexec'],
    [
      'a desktop from a checkout: the dialog would not say what for',
      fakeMachine({ files: both, env: desktop }),
      source,
      true,
      'sudo',
    ],
    [
      'a desktop seen over SSH',
      fakeMachine({ files: both, env: { ...desktop, SSH_CONNECTION: 'x' } }),
      installedOne,
      true,
      'sudo',
    ],
    ['a desktop without pkexec', fakeMachine({ files: { '/usr/bin/sudo': 'x' }, env: desktop }), installedOne, true, 'sudo'],
    ['a terminal', fakeMachine({ files: both }), installedOne, true, 'sudo'],
    [
      'no terminal, and sudo asks nothing',
      fakeMachine({ files: both, commands: { '/usr/bin/sudo -n true': {} } }),
      source,
      false,
      'sudo',
    ],
  ] as const)('%s', async (_, machine, program, hasTerminal, is) => {
    expect(await chooseHow(machine, program, hasTerminal)).toBe(is)
  })
  it.each([
    ['there is no sudo', fakeMachine(), true],
    ['no terminal, and sudo asks', fakeMachine({ files: both, commands: { '/usr/bin/sudo -n true': { code: 1 } } }), false],
  ])('none: %s', async (_, machine, hasTerminal) => {
    await expect(chooseHow(machine, source, hasTerminal)).rejects.toMatchObject({ code: 'setup.noElevation' })
  })
  it('starts nothing but the helper', () => {
    expect(argvFor('sudo', source)).toEqual(['/usr/bin/sudo', '--', ...source.argv])
    expect(argvFor('pkexec', installedOne)).toEqual(['/usr/bin/pkexec', ...installedOne.argv])
    expect(argvFor('root', source)).toEqual(source.argv)
  })
})

it.each([
  ['pkexec', 126, 'setup.dismissed'],
  ['pkexec', 127, 'setup.refused'],
  ['sudo', 1, 'setup.refused'],
  ['sudo', 130, 'setup.dismissed'],
  ['sudo', 3, 'setup.helperLost'],
  ['root', 1, 'setup.helperLost'],
] as const)('%s that ended with %i before the handshake: %s', (how, code, is) => {
  expect(whyNot(how, code, undefined).code).toBe(is)
})

describe('the helper as a process', () => {
  const program = (text: string): HelperProgram => {
    const path = join(folder, 'helper')
    writeFileSync(path, `#!/bin/sh\n${text}\n`)
    chmodSync(path, 0o755)
    return { argv: [path], installed: false }
  }
  const ready = `echo 'a lecture of sudo'; echo '{"ready":1,"uid":0}'`

  it('is asked and answers, with its log on the way', async () => {
    const session = await elevate(
      'root',
      program(`${ready}
read line; echo '{"id":1,"log":"one"}'; echo '{"id":1,"ok":{"code":0,"stdout":"x","stderr":""}}'
read line; echo '{"id":2,"error":{"code":"setup.corrupt","details":{"file":"a.snap"}}}'
read line; touch ${folder}/ended`),
      {},
    )
    const log: string[] = []
    expect(await session.ask({ verb: 'snap-hold' }, line => log.push(line))).toMatchObject({ stdout: 'x' })
    expect(log).toEqual(['one'])
    await expect(session.ask({ verb: 'snap-hold' })).rejects.toMatchObject({ code: 'setup.corrupt', details: { file: 'a.snap' } })
    await session.close()
    expect(existsSync(join(folder, 'ended'))).toBe(true)
  })
  it('that dies is lost, for what was asked and for what comes', async () => {
    const session = await elevate('root', program(`${ready}\nread line; exit 9`), {})
    await expect(session.ask({ verb: 'snap-hold' })).rejects.toMatchObject({ code: 'setup.helperLost', details: { code: 9 } })
    await expect(session.ask({ verb: 'snap-hold' })).rejects.toMatchObject({ code: 'setup.helperLost' })
  })
  it('that never says that it is ready was refused', async () => {
    await expect(elevate('root', program('exit 1'), {})).rejects.toMatchObject({ code: 'setup.helperLost' })
    await expect(elevate('root', { argv: [join(folder, 'none')], installed: false }, {})).rejects.toMatchObject({
      code: 'setup.helperLost',
    })
  })
  it('sees nothing of our environment but language and terminal', async () => {
    const session = await elevate('root', program(`${ready}\nenv > ${folder}/env; read line`), {
      LANG: 'zh_CN.UTF-8',
      NODE_OPTIONS: '--require /tmp/evil.js',
      LD_PRELOAD: '/tmp/evil.so',
      PATH: '/tmp/evil',
      SUDO_ASKPASS: '/tmp/evil',
    })
    await session.close()
    const { readFileSync } = await import('node:fs')
    const names = readFileSync(join(folder, 'env'), 'utf8')
      .split('\n')
      .map(line => line.split('=')[0])
      .filter(name => !['', '_', 'PWD', 'SHLVL', 'OLDPWD'].includes(name as string))
    expect(names.sort()).toEqual(['KHW_SETUP_ROOT', 'LANG', 'PATH'])
    expect(readFileSync(join(folder, 'env'), 'utf8')).not.toContain('evil')
  })
})
