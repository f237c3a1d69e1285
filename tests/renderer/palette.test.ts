import { expect, test, vi } from 'vitest'
import { type PaletteSources, paletteSections } from '../../renderer/app/palette-sections.ts'

const sources = (more: Partial<PaletteSources> = {}): PaletteSources => ({
  t: key => key,
  lessons: [{ id: '01-pod', number: '01', title: 'A Pod', about: 'the smallest thing', tasks: 4 }],
  slides: [],
  targets: [{ id: 'practice', name: 'Practice', isCurrent: true }],
  language: 'zh-CN',
  isDark: false,
  go: vi.fn(),
  use: vi.fn(),
  configure: vi.fn(),
  toggleDock: vi.fn(),
  ...more,
})

const run = (from: PaletteSources, id: string) =>
  paletteSections(from)
    .flatMap(({ entries }) => entries)
    .find(entry => entry.id === id)
    ?.run()

test('sections without entries are left out, and no two entries share an id', () => {
  const sections = paletteSections(sources())
  expect(sections.map(({ id }) => id)).toEqual(['screens', 'labs', 'clusters', 'acts'])
  const ids = sections.flatMap(({ entries }) => entries.map(({ id }) => id))
  expect(new Set(ids).size).toBe(ids.length)
})

test('a lab is gone to, a cluster used, language and theme turned to the other one', () => {
  const from = sources()
  run(from, 'lab:01-pod')
  expect(from.go).toHaveBeenCalledWith({ screen: 'labs', id: '01-pod' })
  run(from, 'cluster:practice')
  expect(from.use).toHaveBeenCalledWith('practice')
  run(from, 'act:language')
  expect(from.configure).toHaveBeenCalledWith({ language: 'en' })
  run(sources({ ...from, isDark: true }), 'act:theme')
  expect(from.configure).toHaveBeenCalledWith({ theme: 'light' })
})
