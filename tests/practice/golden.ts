// Golden pairs: NAME.input.yaml holds a decision's input, NAME.output.yaml its outcome; `GOLDEN=write` rewrites the outcomes.
// Times are written against now: `<now>`, `<now-60s>`.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { timestamp } from '../../electron/practice/object.ts'

export const NOW = Date.parse('2026-11-22T14:18:00Z')

const filled = (text: string): string =>
  text.replace(/<now(?:([+-]\d+)s)?>/g, (_, seconds) => timestamp(NOW + Number(seconds ?? 0) * 1000))

const blanked = (text: string): string =>
  text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, time => {
    const seconds = (Date.parse(time) - NOW) / 1000
    return seconds === 0 ? '<now>' : `<now${seconds > 0 ? '+' : ''}${seconds}s>`
  })

/** One test for each pair; the longest prefix of a file's name that is a key of `decisions` chooses the function. */
export const goldenTests = (folder: string, decisions: Record<string, (input: never) => unknown>): void => {
  const names = readdirSync(folder).flatMap(file => (file.endsWith('.input.yaml') ? [file.slice(0, -'.input.yaml'.length)] : []))
  const byLength = Object.keys(decisions).sort((a, b) => b.length - a.length)
  for (const key of byLength) {
    const mine = names.filter(name => byLength.find(candidate => name.startsWith(`${candidate}.`)) === key)
    describe(key, () => {
      test('has golden pairs', () => expect(mine).not.toEqual([]))
      test.each(mine)('%s', name => {
        const input = parse(filled(readFileSync(join(folder, `${name}.input.yaml`), 'utf8'))) as never
        const before = structuredClone(input)
        const output = blanked(
          stringify(JSON.parse(JSON.stringify(decisions[key]?.(input) ?? null)), { aliasDuplicateObjects: false }),
        )
        expect(input, 'the input is left as it was').toEqual(before)
        const file = join(folder, `${name}.output.yaml`)
        if (process.env.GOLDEN === 'write') writeFileSync(file, output)
        expect(existsSync(file), `${file} is missing: GOLDEN=write makes it`).toBe(true)
        expect(output).toBe(readFileSync(file, 'utf8'))
      })
    })
  }
}
