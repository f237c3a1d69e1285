import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { journalFile, type NewEvent, openJournal, readJournal } from '../../electron/installer/journal.ts'
import { choicesOf, ledgerOf, passedOf, summarise } from '../../electron/installer/ledger.ts'
import { holderOf, takeLock } from '../../electron/platform/lock.ts'
import { run } from '../../electron/platform/run.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const path = () => join(folder, journalFile)
const open = () => openJournal(folder, 'r1', () => 1000)

const intend = (id: string): NewEvent => ({
  type: 'change-intended',
  id,
  step: 'forwarding',
  what: 'forwarding-set',
  facts: { path: '/etc/x' },
  before: '0',
  after: '1',
  undo: [{ as: 'root', request: { verb: 'forwarding-remove', was: '0' } }],
})

describe('the journal', () => {
  it('holds what was written, for its owner only', async () => {
    const journal = await open()
    journal.write({ type: 'run-started', kind: 'apply', pid: 1, baseline: { a: '1' } })
    journal.write(intend('c1'))
    journal.write({ type: 'change-made', id: 'c1', after: '1' })
    journal.close()
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(readFileSync(path(), 'utf8').split('\n')).toHaveLength(4)
    expect((await readJournal(folder)).map(({ type }) => type)).toEqual(['run-started', 'change-intended', 'change-made'])
    const again = await open()
    expect(ledgerOf(again.events)).toMatchObject([{ state: 'made', intended: { id: 'c1', at: 1000, run: 'r1' } }])
    again.close()
  })

  it('drops a line that a crash cut off, wherever it was cut', async () => {
    const first = await open()
    first.write({ type: 'run-started', kind: 'apply', pid: 1 })
    const whole = statSync(path()).size
    first.write(intend('c1'))
    first.close()
    const full = readFileSync(path())
    for (let size = whole; size < full.length; size++) {
      writeFileSync(path(), full)
      truncateSync(path(), size)
      expect((await readJournal(folder)).map(({ type }) => type)).toEqual(['run-started'])
      const journal = await open()
      journal.write({ type: 'step-started', step: 'base' })
      journal.close()
      expect((await readJournal(folder)).map(({ type }) => type)).toEqual(['run-started', 'step-started'])
    }
  })

  it('is set aside where its middle is broken: nothing is guessed', async () => {
    const first = await open()
    first.write({ type: 'run-started', kind: 'apply', pid: 1 })
    first.close()
    appendFileSync(path(), '{"type":"change-\n{"type":"step-started","step":"base","at":1,"run":"r"}\n')
    await expect(readJournal(folder)).rejects.toMatchObject({ code: 'setup.journalBroken' })
    const kept = await open().then(
      () => '',
      error => error.details.path,
    )
    expect(kept).toBe(join(folder, `${journalFile}.broken-1000`))
    expect(readdirSync(folder)).toEqual([`${journalFile}.broken-1000`])
    expect(await readJournal(folder)).toEqual([])
  })

  it.each([
    ['an unknown verb', { as: 'root', request: { verb: 'run', argv: ['sh'] } }],
    ['an act that takes nothing back', { as: 'user', does: { type: 'hello-run', image: 'x' } }],
  ])('asks root for nothing that is no verb of ours: %s', async (_, undo) => {
    writeFileSync(path(), `${JSON.stringify({ ...intend('c1'), at: 1, run: 'r', undo: [undo] })}\n`)
    await expect(readJournal(folder)).rejects.toMatchObject({ code: 'setup.journalBroken' })
  })
})

describe('the ledger', () => {
  const at = { at: 5, run: 'r1' }
  it('tells a run that broke off', () => {
    const events = [
      { type: 'run-started', kind: 'apply', pid: 1, ...at },
      { type: 'step-started', step: 'bundle', ...at },
      { type: 'step-finished', step: 'bundle', outcome: 'done', ms: 3, ...at },
      { type: 'step-started', step: 'forwarding', ...at },
    ] as const
    const { open: isOpen, run: last } = summarise(events)
    expect(isOpen).toBe(true)
    expect(last?.steps.slice(0, 3).map(({ state }) => state)).toEqual(['done', 'now', 'waiting'])
    expect(summarise([...events, { type: 'run-ended', ok: false, error: { code: 'setup.stopped' }, ...at }])).toMatchObject({
      open: false,
      run: { ended: { ok: false, error: { code: 'setup.stopped' } } },
    })
  })

  it('forgets what passed before an undo', () => {
    const done = { type: 'step-finished', step: 'hello', outcome: 'done', ms: 1, ...at } as const
    expect([...passedOf([done])]).toEqual(['hello'])
    expect([...passedOf([done, { type: 'run-started', kind: 'undo', pid: 1, ...at }])]).toEqual([])
    expect([...passedOf([done, { ...done, outcome: 'failed' }])]).toEqual([])
  })
})

describe('the lock', () => {
  it('has one holder, and none after its death', async () => {
    const file = join(folder, 'lock')
    const mine = await takeLock(file)
    expect(mine.held).toBe(true)
    expect(await takeLock(file)).toMatchObject({ held: false, by: { pid: process.pid } })
    expect(await holderOf(file)).toMatchObject({ pid: process.pid })
    if (mine.held) await mine.release()
    expect(await holderOf(file)).toBeUndefined()

    const lockFile = join(import.meta.dirname, '../../electron/platform/lock.ts')
    const script = `const { takeLock } = await import(${JSON.stringify(lockFile)}); await takeLock(${JSON.stringify(file)}); process.kill(process.pid, 'SIGKILL')`
    expect((await run([process.execPath, '--input-type=module', '-e', script])).code).toBe(137)
    expect(readFileSync(file, 'utf8')).toContain('pid')
    expect(await holderOf(file)).toBeUndefined()
    expect((await takeLock(file)).held).toBe(true)
  })

  it('of a process of an earlier boot, or of another with its number, counts for nothing', async () => {
    const file = join(folder, 'lock')
    const lock = await takeLock(file)
    const mine = JSON.parse(readFileSync(file, 'utf8'))
    if (lock.held) await lock.release()
    for (const other of [{ ...mine, boot: 'x' }, { ...mine, started: '1' }, 'nonsense']) {
      writeFileSync(file, JSON.stringify(other))
      expect(await holderOf(file)).toBeUndefined()
    }
  })

  it('goes to one of many', async () => {
    const file = join(folder, 'lock')
    const lockFile = join(import.meta.dirname, '../../electron/platform/lock.ts')
    const script = `const { takeLock } = await import(${JSON.stringify(lockFile)}); const lock = await takeLock(${JSON.stringify(file)}); console.log(lock.held); await new Promise(done => setTimeout(done, 1500))`
    const all = await Promise.all([1, 2, 3, 4].map(() => run([process.execPath, '--input-type=module', '-e', script])))
    expect(all.map(({ stdout }) => stdout.trim()).sort()).toEqual(['false', 'false', 'false', 'true'])
  })
})

describe('what was asked for', () => {
  const start = (kind: 'apply' | 'undo', ...choices: ('route' | 'group' | 'alias')[]) =>
    ({ type: 'run-started', at: 1, run: 'r1', kind, pid: 1, ...(choices.length > 0 ? { choices } : {}) }) as const

  it('stays asked for in the runs that follow, until an undo begins', () => {
    expect([...choicesOf([start('apply', 'group'), start('apply'), start('apply', 'alias')])]).toEqual(['group', 'alias'])
    expect([...choicesOf([start('apply', 'group'), start('undo'), start('apply', 'route')])]).toEqual(['route'])
    expect(choicesOf([start('apply', 'group'), start('undo')]).size).toBe(0)
    expect(choicesOf([]).size).toBe(0)
  })

  it('is a step of the run, and otherwise is none', () => {
    const stepsOf = (...events: Parameters<typeof summarise>[0]) => summarise(events).run?.steps.map(({ id }) => id)
    expect(stepsOf(start('apply'))).not.toContain('group')
    expect(stepsOf(start('apply', 'group'))).toContain('group')
    expect(stepsOf(start('apply', 'group'))).not.toContain('alias')
  })
})
