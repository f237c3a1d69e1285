import { readFileSync } from 'node:fs'
import xterm from '@xterm/headless'
import { afterEach, expect, test, vi } from 'vitest'
import type { OutputEvent } from '../../electron/contract/terminal.ts'
import { eventually, openService, run, view } from './open.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})
const context = () => ({ signal: new AbortController().signal })

const open = async (change: Parameters<typeof openService>[0] = {}) => {
  const opened = openService(change)
  ends.push(opened.end)
  const { id } = await opened.service.open({ cols: 80, rows: 24 }, context())
  return { ...opened, id }
}

/** What a fresh terminal shows after a replay: its lines, its cursor, whether it is in the alternate screen. */
const show = async (event: OutputEvent) => {
  if (event.type !== 'replay') throw new Error(event.type)
  const terminal = new xterm.Terminal({ cols: event.cols, rows: event.rows, scrollback: 10_000, allowProposedApi: true })
  await new Promise<void>(resolve => terminal.write(event.bytes, resolve))
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y)?.translateToString(true) ?? '')
  return { lines, type: active.type, cursor: [active.cursorX, active.baseY + active.cursorY], terminal }
}

const replay = async (service: Awaited<ReturnType<typeof open>>['service'], id: string) => {
  const abort = new AbortController()
  for await (const event of service.output({ id }, { signal: abort.signal })) {
    abort.abort()
    return show(event)
  }
  throw new Error('no replay')
}

/** A command's end is told before the shell has drawn its next prompt: looks until that is there. */
const atPrompt = (service: Awaited<ReturnType<typeof open>>['service'], id: string) =>
  vi.waitFor(
    async () => {
      const shown = await replay(service, id)
      expect(shown.cursor[0]).toBe(2)
      return shown
    },
    { timeout: 15_000, interval: 200 },
  )

test('a page that comes later is shown screen and scrollback, 10,000 lines of it', async () => {
  const { service, id } = await open()
  await run(service, id, 'seq 1 30000')
  const { lines, cursor } = await atPrompt(service, id)
  expect(lines.length).toBe(10_024)
  const last = lines.lastIndexOf('30000')
  expect(lines[last - 5000]).toBe('25000')
  expect(cursor).toEqual([2, last + 1])
})

test('colours, wide characters and the prompts’ places come back', async () => {
  const { service, id } = await open()
  await run(service, id, "printf '\\e[31m容器\\e[0m ok\\n'; seq 1 50")
  const { lines, terminal } = await atPrompt(service, id)
  const y = lines.indexOf('容器 ok')
  expect(terminal.buffer.active.getLine(y)?.getCell(0)?.getFgColor()).toBe(1)
  const abort = new AbortController()
  for await (const event of service.output({ id }, { signal: abort.signal })) {
    const text = event.type === 'replay' ? Buffer.from(event.bytes).toString() : ''
    const places = text.split('633;K;')[1]?.split('\x07')[0]
    expect(places).toBe('1,-52;2,0')
    abort.abort()
  }
})

test('a full-screen program is shown as it stands, and what was before it after it left', async () => {
  const { service, id } = await open()
  await run(service, id, 'echo before')
  await service.type(
    id,
    "printf '\\e[?1049h\\e[2J\\e[5;10Hwhole screen\\e[?25l\\e[?1006h\\e[?1002h'; read; printf '\\e[?1049l\\e[?25h'",
  )
  await eventually(() => true)
  await new Promise(resolve => setTimeout(resolve, 300))
  service.resize({ id, cols: 100, rows: 30 }, context())
  const inside = await replay(service, id)
  expect(inside.type).toBe('alternate')
  expect(inside.lines[4]).toBe('         whole screen')
  expect(inside.terminal.modes.mouseTrackingMode).toBe('drag')
  service.input({ id, data: '\r' }, context())
  await new Promise(resolve => setTimeout(resolve, 300))
  const after = await replay(service, id)
  expect(after.type).toBe('normal')
  expect(after.lines).toContain('before')
})

test('every byte comes before the exit, and a later page still sees it all', async () => {
  const { service, id } = await open()
  const { seen, done } = view(service, id)
  await run(service, id, 'true')
  const before = seen.bytes
  await service.type(id, "head -c 3000000 /dev/zero | tr '\\0' x; exit 7")
  await done
  expect(seen.exit).toBe(7)
  expect(seen.text.match(/x/g)?.length).toBeGreaterThanOrEqual(3_000_000)
  expect(seen.bytes - before).toBeGreaterThan(3_000_000)
  const late = view(service, id)
  await late.done
  expect(late.seen.exit).toBe(7)
  expect(late.seen.text).toContain('xxxx')
  await expect(service.type(id, 'echo')).rejects.toMatchObject({ code: 'terminal.ended' })
}, 30_000)

test('a viewer that does not read stops the program, and one that reads again lets it go on', async () => {
  const { service, id } = await open()
  const abort = new AbortController()
  const events = service.output({ id }, { signal: abort.signal })[Symbol.asyncIterator]()
  await events.next()
  await service.type(id, "head -c 20000000 /dev/zero | tr '\\0' x")
  await new Promise(resolve => setTimeout(resolve, 1500))
  const commands = async () => {
    for await (const list of service.commands({ id }, context())) return list
    return []
  }
  expect((await commands())[0]?.exitCode).toBeUndefined()
  let bytes = 0
  while (bytes < 20_000_000) {
    const { value } = await events.next()
    if (value?.type === 'data') bytes += value.bytes.length
  }
  await eventually(() => bytes >= 20_000_000)
  abort.abort()
}, 30_000)

test('a viewer that never comes back holds nothing up: it gets a replay instead', async () => {
  const { service, id } = await open()
  const abort = new AbortController()
  const events = service.output({ id }, { signal: abort.signal })[Symbol.asyncIterator]()
  await events.next()
  const ended = run(service, id, 'seq 1 400000')
  expect(await ended).toMatchObject({ exitCode: 0 })
  let event = await events.next()
  while (event.value?.type === 'data') event = await events.next()
  expect(event.value?.type).toBe('replay')
  const { lines } = await show(event.value!)
  expect(lines).toContain('400000')
  abort.abort()
}, 30_000)

test('without a viewer the program runs on into the scrollback', async () => {
  const { service, id } = await open()
  expect(await run(service, id, 'seq 1 200000')).toMatchObject({ exitCode: 0 })
  expect((await replay(service, id)).lines).toContain('200000')
})

test('a key’s echo is not held back', async () => {
  const { service, id } = await open()
  const { seen } = view(service, id)
  await run(service, id, 'true')
  const times: number[] = []
  for (let n = 0; n < 20; n += 1) {
    await new Promise(resolve => setTimeout(resolve, 15))
    const { bytes } = seen
    const start = performance.now()
    service.input({ id, data: 'x' }, context())
    while (seen.bytes === bytes) await new Promise(resolve => setImmediate(resolve))
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  expect(times[10]).toBeLessThan(5)
})

test('sessions: listed, limited, gone when closed; an unknown one is named', async () => {
  const { service, id } = await open()
  const abort = new AbortController()
  const lists: string[][] = []
  const reading = (async () => {
    for await (const list of service.sessions({}, { signal: abort.signal })) lists.push(list.map(each => each.id))
  })()
  await eventually(() => lists.length > 0)
  for (let n = 1; n < 20; n += 1) await service.open({ cols: 80, rows: 24 }, context())
  await expect(service.open({ cols: 80, rows: 24 }, context())).rejects.toMatchObject({ code: 'terminal.limit' })
  service.close({ id }, context())
  await eventually(() => lists.at(-1)?.length === 19)
  expect(() => service.input({ id, data: 'x' }, context())).toThrow(/terminal\.unknown/)
  expect(() => service.output({ id }, context())).toThrow(/terminal\.unknown/)
  abort.abort()
  await reading
})

test('closing ends the programs that run in it', async () => {
  const { service, id } = await open()
  const { seen, done } = view(service, id)
  await service.type(id, 'echo "pid $$"; sleep 300')
  await eventually(() => /pid (\d+)\r/.test(seen.text))
  const pid = Number(/pid (\d+)\r/.exec(seen.text)?.[1])
  service.close({ id }, context())
  await done
  await eventually(() => !isAlive(pid))
})

/** A zombie, ended but not yet waited for by whoever inherited it, is not alive. */
const isAlive = (pid: number) => {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

test('without kubectl the shell opens and says so first', async () => {
  const { service, id } = await open({ missingKubectl: () => '这里没有 kubectl。\n安装：sudo snap install kubectl --classic\n' })
  const { seen } = view(service, id)
  await eventually(() => seen.text.includes('133;B'))
  expect(seen.text).toMatch(/^这里没有 kubectl。\r\n安装/)
})
