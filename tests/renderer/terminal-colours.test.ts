import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../renderer/${path}`, import.meta.url), 'utf8')
const sheets = read('styles/tokens.css') + read('parts/terminal/terminal-view.css')
const theme = read('parts/terminal/theme.ts')

/** A token's colour in light and dark. */
const colours = (token: string): [string, string] => {
  const value = new RegExp(`${token}:\\s*(?:light-dark\\((#\\w{6}), (#\\w{6})\\)|(#\\w{6}))`).exec(sheets)
  if (!value) throw new Error(`no colour for ${token}`)
  return [value[1] ?? value[3]!, value[2] ?? value[3]!]
}

const luminance = (colour: string): number => {
  const [r, g, b] = [1, 3, 5]
    .map(at => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
const contrast = (one: string, other: string): number => {
  const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (bright! + 0.05) / (dark! + 0.05)
}

const text = [...theme.matchAll(/^ {2}(foreground|black|red|green|yellow|blue|magenta|cyan|white|bright\w+): '(--[\w-]+)'/gm)]

test('all sixteen colours and the plain one are text on the terminal’s ground, light and dark', () => {
  expect(text.length).toBe(17)
  for (const [, name, token] of text)
    for (const scheme of [0, 1] as const)
      expect(contrast(colours(token!)[scheme], colours('--sunken')[scheme]), `${name} ${scheme}`).toBeGreaterThanOrEqual(4.5)
})

test('selected and found text stays readable', () => {
  for (const ground of ['--term-selection', '--term-match'])
    for (const scheme of [0, 1] as const)
      expect(contrast(colours('--ink')[scheme], colours(ground)[scheme]), `${ground} ${scheme}`).toBeGreaterThanOrEqual(4.5)
})
