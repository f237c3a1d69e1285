import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CheckResult } from '../../../electron/contract/setup.ts'
import type { Machine } from '../../../electron/installer/machine.ts'
import { checks, preflight } from '../../../electron/installer/preflight/index.ts'
import { overlaps } from '../../../electron/installer/preflight/network.ts'
import { createMachine } from '../../../electron/installer/real-machine.ts'
import { loadLocales } from '../../../electron/platform/locales.ts'
import { fakeMachine } from '../fake-machine.ts'
import { type Case, cases, files, fullBundle } from './cases.ts'

const root = join(import.meta.dirname, '../../..')
const locales = await loadLocales(join(root, 'resources/locales'))

const lookAt = async ({ table = files({}), change = {}, aim = {} }: Partial<Case>): Promise<CheckResult[]> =>
  preflight({ ...fakeMachine(table), ...change }, aim)

test.each(cases)('$id: $what is a $state', async ({ id, state, fix, choice, facts = {}, ...given }) => {
  const found = (await lookAt(given)).find(result => result.id === id)
  expect(found).toMatchObject({ state, facts })
  expect(found?.choice).toBe(choice)
  if (fix !== undefined) expect(found?.fix).toBe(fix)
  if (state === 'blocker') expect(found?.fix).toBeDefined()
})

test('a laptop with Ubuntu and a bundle passes everything but what only root may see', async () => {
  const results = await lookAt({ table: files(fullBundle), aim: { bundle: '/b' } })
  expect(results.filter(({ state }) => state !== 'pass').map(({ id }) => id)).toEqual(['forward'])
})

test('each check is seen to pass and to say something else', () => {
  const seen = (id: string) => cases.filter(each => each.id === id).map(({ state }) => state === 'pass')
  for (const { id } of checks) expect([id, new Set(seen(id)).size]).toEqual([id, 2])
})

test.each(['zh-CN', 'en'] as const)('every finding has its words in %s, with every fact filled in', async language => {
  const t = locales.translate(language)
  for (const given of cases) {
    const found = (await lookAt(given)).find(({ id }) => id === given.id) as CheckResult
    const key = `setup:checks.${found.id}`
    const raw = t(`${key}.${found.state}`, {
      ...Object.fromEntries(Object.keys(found.facts).map(name => [name, `<${name}>`])),
      context: found.facts.context ?? '',
    })
    expect(t(`${key}.title`)).not.toContain('checks.')
    expect(raw, `${given.id}: ${given.what}`).not.toContain('checks.')
    if (found.fix !== undefined) expect(t(`${key}.fix`, found.facts)).not.toContain('checks.')
  }
})

/** Every {{fact}} of the words a finding shows is one that it brings. */
test('words ask only for facts that are there', async () => {
  for (const language of ['zh-CN', 'en']) {
    const words = JSON.parse(readFileSync(join(root, `resources/locales/${language}/setup.json`), 'utf8')).checks as Record<
      string,
      Record<string, string>
    >
    for (const given of cases) {
      const found = (await lookAt(given)).find(({ id }) => id === given.id) as CheckResult
      const texts = words[found.id] ?? {}
      const text = texts[`${found.state}_${found.facts.context}`] ?? texts[found.state] ?? ''
      const asked = [
        ...`${text}${found.fix === undefined ? '' : (texts[`fix_${found.facts.context}`] ?? texts.fix)}`.matchAll(
          /\{\{(\w+)\}\}/g,
        ),
      ].map(match => match[1] as string)
      expect(
        asked.filter(name => !(name in found.facts)),
        `${language} ${given.id}: ${given.what}`,
      ).toEqual([])
    }
  }
})

test('networks overlap where the shorter one’s bits are the same', () => {
  const net = (network: number, bits: number) => ({ network, bits })
  expect(overlaps(net(0x0a000000, 8), net(0x0a010000, 16))).toBe(true)
  expect(overlaps(net(0x0a010200, 24), net(0x0a010000, 16))).toBe(true)
  expect(overlaps(net(0x0a020000, 16), net(0x0a010000, 16))).toBe(false)
  expect(overlaps(net(0xc0a80100, 24), net(0x0a010000, 16))).toBe(false)
})

test('a check that throws or hangs is unknown and keeps no other', async () => {
  const machine: Machine = {
    ...fakeMachine(files({})),
    snapd: () => Promise.reject(new Error('boom')),
    space: () => new Promise(() => {}),
  }
  const results = await preflight(machine, {})
  expect(results.find(({ id }) => id === 'snapd')).toMatchObject({ state: 'unknown', facts: { problem: 'boom' } })
  expect(results.find(({ id }) => id === 'disk')).toMatchObject({ state: 'unknown', facts: { problem: '> 5 s' } })
  expect(results.find(({ id }) => id === 'memory')).toMatchObject({ state: 'pass' })
}, 10_000)

test('this very machine is looked at in under a second', async () => {
  const start = performance.now()
  const results = await preflight(createMachine(), { bundle: join(root, 'snaps') })
  expect(performance.now() - start).toBeLessThan(1000)
  expect(results.map(({ id }) => id)).toEqual(checks.map(({ id }) => id))
})
