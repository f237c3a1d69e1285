import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createBox, createKeyboard } from './box.ts'

const session = (argv: readonly string[] = ['sh']) => {
  const box = createBox()
  const keyboard = createKeyboard()
  const ended = box.container.exec(argv, keyboard.streams)
  const until = async (text: string | RegExp) => {
    for (let tries = 0; tries < 200; tries++) {
      if (typeof text === 'string' ? keyboard.screen().includes(text) : text.test(keyboard.screen())) return
      await sleep(5)
    }
    throw new Error(`never saw ${text} in ${JSON.stringify(keyboard.screen())}`)
  }
  return { box, keyboard, ended, until }
}

it('prompts, echoes, runs, and ends with the shell’s status', async () => {
  const { keyboard, ended, until } = session()
  await until('/ # ')
  keyboard.type('echo a "b c"\r')
  await until('a b c\r\n/ # ')
  keyboard.type('cd /tmp\r')
  await until('/tmp # ')
  keyboard.type('exit 3\r')
  expect(await ended).toBe(3)
  expect(keyboard.screen()).toBe('/ # echo a "b c"\r\na b c\r\n/ # cd /tmp\r\n/tmp # exit 3\r\n')
})

it('edits a line: cursor keys, erase, history, wide characters, completion', async () => {
  const { keyboard, until } = session()
  await until('# ')
  keyboard.type('echo 世界x\x7f\x7f间\x1b[D\x1b[D人\x01\x1b[C\x1b[C\x05!\r')
  await until(/\n人世间!\r\n|\r\n世人间!\r\n/)
  keyboard.type('\x1b[A\x1b[A\x1b[B\x15echo once\r')
  await until('\r\nonce\r\n')
  keyboard.type('\x1b[A twice\r')
  await until('\r\nonce twice\r\n')
  keyboard.type('echo > /tmp/some-long-name; echo made\r')
  await until('\r\nmade\r\n/ # ')
  keyboard.type('ls /tmp/so\t\r')
  await until('\r\n/tmp/some-long-name\r\n')
  keyboard.type('if true\r')
  await until('\r\n> ')
  keyboard.type('then echo deep; fi\r')
  await until('\r\ndeep\r\n')
})

it('^C ends what runs, not the shell; ^D ends it', async () => {
  const { keyboard, ended, until } = session()
  await until('# ')
  keyboard.type('sleep 100\r')
  await sleep(30)
  keyboard.type('\x03')
  await until('^C\r\n/ # ')
  keyboard.type('echo $?\r')
  await until('\r\n130\r\n')
  keyboard.type('half a line\x03')
  await until('half a line^C\r\n/ # ')
  keyboard.type('\x04')
  expect(await ended).toBe(130)
})

it('a program reads lines from the terminal, with echo and end of input', async () => {
  const { box, keyboard, ended, until } = session()
  await until('# ')
  keyboard.type('cat > /f\r')
  await sleep(30)
  keyboard.type('one\rtwx\x7fo\r\x04')
  await until(/o\r\n\/ # $/)
  keyboard.type('exit\r')
  expect(await ended).toBe(0)
  expect((await box.sh('cat /f')).out).toBe('one\ntwo\n')
})

it('keys typed while a program runs go to the next reader, not to the dead one', async () => {
  const { keyboard, until } = session()
  await until('# ')
  keyboard.type('cat\r')
  await sleep(30)
  keyboard.type('\x03')
  await until('^C')
  keyboard.type('echo still here\r')
  await until('\r\nstill here\r\n')
})

it('turns newlines and hides nothing for programs without a shell', async () => {
  const { keyboard, ended } = session(['sh', '-c', 'ls -d /tmp /etc; test -t 0 && echo terminal'])
  expect(await ended).toBe(0)
  expect(keyboard.screen()).toBe('/etc  /tmp\r\nterminal\r\n')
})
