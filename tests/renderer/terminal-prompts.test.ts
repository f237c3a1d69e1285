import headless from '@xterm/headless'
import type { Terminal } from '@xterm/xterm'
import { expect, test } from 'vitest'
import { followPrompts } from '../../renderer/parts/terminal/prompts.ts'

const open = () => {
  const terminal = new headless.Terminal({ cols: 40, rows: 5, scrollback: 100, allowProposedApi: true })
  const write = (text: string) => new Promise<void>(resolve => terminal.write(text, resolve))
  // The headless terminal has every part of the API that prompts use.
  return { terminal, write, prompts: followPrompts(terminal as unknown as Terminal) }
}
const prompt = (number: number) => `\x1b]133;A;aid=x;k=${number}\x07$ `
const lines = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}\r\n`).join('')

test('the command at the top is named once its own line is out of sight', async () => {
  const { write, prompts } = open()
  await write(`${prompt(1)}one\r\nshort\r\n${prompt(2)}`)
  expect(prompts.atTop()).toBeUndefined()
  await write(`two\r\n${lines(20)}${prompt(3)}`)
  expect(prompts.atTop()).toBe(2)
})

test('scrolled back, the command there is named; on its own line none is', async () => {
  const { terminal, write, prompts } = open()
  await write(`${prompt(1)}one\r\n${lines(10)}${prompt(2)}two\r\n${lines(10)}${prompt(3)}`)
  terminal.scrollToLine(3)
  expect(prompts.atTop()).toBe(1)
  terminal.scrollToLine(11)
  expect(prompts.atTop()).toBeUndefined()
  prompts.show(1)
  expect(terminal.buffer.active.viewportY).toBe(0)
})

test('a prompt drawn again moves its place', async () => {
  const { write, prompts } = open()
  await write(`${prompt(1)}\r\n${prompt(1)}one\r\n${lines(9)}`)
  expect(prompts.atTop()).toBe(1)
})

test('after a replay the places come by name', async () => {
  const { write, prompts } = open()
  await write(`$ one\r\n${lines(10)}$ \x1b]633;K;1,-11;2,0\x07`)
  expect(prompts.atTop()).toBe(1)
})

test('nothing is named in a full-screen program, and nonsense places nothing', async () => {
  const { write, prompts } = open()
  await write(`\x1b]633;K;x,y;;\x07\x1b]133;A\x07${lines(9)}`)
  expect(prompts.atTop()).toBeUndefined()
  await write(`${prompt(1)}one\r\n${lines(9)}\x1b[?1049h`)
  expect(prompts.atTop()).toBeUndefined()
})
