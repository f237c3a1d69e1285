import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorDocs, errorDocsPath } from '../../build/error-docs.ts'
import { causeIds } from '../../electron/contract/diagnosis.ts'
import { errorIds } from '../../electron/contract/errors.ts'
import { root } from './rooms.ts'

const pages = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'manifests/README.md']

test('every error id is explained: `node build/error-docs.ts` rewrites the page', () => {
  expect(readFileSync(errorDocsPath, 'utf8')).toBe(errorDocs())
})

test('no id is an error and a cause at once, and each has its chapter', () => {
  const ids = [...Object.values(errorIds), ...Object.values(causeIds)]
  expect(new Set(ids).size).toBe(ids.length)
  const chapters = [...readFileSync(errorDocsPath, 'utf8').matchAll(/^## (KHW-\d{3})$/gm)].map(match => match[1])
  expect(chapters.toSorted()).toEqual(ids.toSorted())
})

test.each(pages)('%s links only to what is there', page => {
  const text = readFileSync(join(root, page), 'utf8')
  const links = [...text.matchAll(/\]\(([^)#\s]+)\)/g)].map(match => match[1] as string).filter(link => !/^https?:/.test(link))
  expect(links.filter(link => !existsSync(join(root, page, '..', link)))).toEqual([])
})

test('every package of package.json has its reason in ARCHITECTURE.md, and none is left unused', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const reasons = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const families = [/^@types\//, /^@fontsource/, /^@xterm\//, /^react-dom$/, /^@vitejs\//]
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter(name => !families.some(family => family.test(name)))
  expect(names.filter(name => !reasons.includes(name))).toEqual([])
})
