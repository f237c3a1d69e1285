// Colours for bad projectors, as they stand in the sheets: every filter keeps words readable, and high contrast is what it says.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { filters } from '../../electron/contract/talk.ts'

const tokens = readFileSync('renderer/styles/tokens.css', 'utf8')
const stage = readFileSync('renderer/screens/talk/stage/stage.css', 'utf8')

type Pair = [light: string, dark: string]

const pairsIn = (css: string): Map<string, Pair> =>
  new Map(
    [...css.matchAll(/--([\w-]+): (?:light-dark\((#\w+), (#\w+)\)|(#\w{6}));/g)].map(([, name = '', light, dark, both]) => [
      name,
      [light ?? both ?? '', dark ?? both ?? ''],
    ]),
  )

const blockOf = (filter: string): string => stage.match(new RegExp(`\\n\\[data-filter="${filter}"\\] \\{([^}]*)\\}`))?.[1] ?? ''

/** Of WCAG 2. */
const luminance = (colour: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map(at => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const words = ['ink', 'ink-2', 'ink-3', 'accent-ink', 'ready', 'failed', 'attention']

test.each([
  ['contrast', 7],
  ['vivid', 4.5],
])('%s keeps words at %d : 1 on the sheet, in both themes', (filter, least) => {
  const all = new Map([...pairsIn(tokens), ...pairsIn(blockOf(filter))])
  const told = words.flatMap(name =>
    [0, 1].map(theme => {
      const [word = '', sheet = ''] = [all.get(name)?.[theme], all.get('sheet')?.[theme]]
      return { name, theme, ratio: contrast(word, sheet) }
    }),
  )
  expect(told.every(({ ratio }) => Number.isFinite(ratio))).toBe(true)
  expect(told.filter(({ ratio }) => ratio < least)).toEqual([])
  const [white = '', fill = ''] = [all.get('on-accent')?.[0], all.get('accent-fill')?.[0]]
  expect(contrast(white, fill)).toBeGreaterThan(4.5)
})

test('a filter changes tokens that there are, and every filter has its rule', () => {
  const known = pairsIn(tokens)
  for (const filter of ['contrast', 'vivid'])
    expect(
      [...pairsIn(blockOf(filter)).keys()].filter(name => !known.has(name)),
      filter,
    ).toEqual([])
  for (const filter of filters.filter(name => name !== 'none')) expect(stage).toContain(`[data-filter="${filter}"]`)
})
