// What the palette offers, as plain data.

import type { Settings } from '../../electron/contract/app.ts'
import type { LessonSummary } from '../../electron/contract/lessons.ts'
import type { Slide } from '../../electron/contract/talk.ts'
import type { FinderEntry } from '../parts/finder.tsx'
import type { Route } from '../state/route.ts'
import { places } from './rail.tsx'

export interface Entry extends FinderEntry {
  run(): void
}

export interface PaletteSources {
  t(key: string): string
  lessons: readonly LessonSummary[]
  slides: readonly Slide[]
  targets: readonly { id: string; name: string; isCurrent: boolean }[]
  language: Settings['language']
  isDark: boolean
  go(route: Route): void
  use(cluster: string): void
  configure(change: Partial<Settings>): void
  toggleDock(): void
}

/** Sections without entries are left out. */
export const paletteSections = (from: PaletteSources): { id: string; title: string; entries: Entry[] }[] => {
  const { t, go } = from
  const screens: Entry[] = [
    ...places.map(place => ({
      id: `go:${place}`,
      text: t(`rail.${place}`),
      also: place,
      icon: place,
      run: () => go({ screen: place }),
    })),
    { id: 'go:presenter', text: t('palette.presenter'), also: 'presenter', icon: 'talk', run: () => go({ screen: 'presenter' }) },
  ]
  const labs: Entry[] = from.lessons.map(({ id, number, title, about }) => ({
    id: `lab:${id}`,
    text: `${number} ${title}`,
    also: `${id} ${about}`,
    icon: 'labs',
    run: () => go({ screen: 'labs', id }),
  }))
  const slides: Entry[] = from.slides.map(({ id, title }) => ({
    id: `slide:${id}`,
    text: title,
    also: id,
    icon: 'talk',
    run: () => go({ screen: 'talk', id }),
  }))
  const clusters: Entry[] = from.targets.map(({ id, name, isCurrent }) => ({
    id: `cluster:${id}`,
    text: name,
    also: `${id} cluster`,
    icon: 'cluster',
    isCurrent,
    run: () => from.use(id),
  }))
  const acts: Entry[] = [
    { id: 'act:terminal', text: t('palette.terminal'), also: 'terminal', icon: 'term', keys: 'Ctrl `', run: from.toggleDock },
    {
      id: 'act:theme',
      text: t(from.isDark ? 'theme.toLight' : 'theme.toDark'),
      also: t('palette.also.theme'),
      icon: from.isDark ? 'sun' : 'moon',
      run: () => from.configure({ theme: from.isDark ? 'light' : 'dark' }),
    },
    {
      id: 'act:language',
      text: t('language.switch'),
      also: t('palette.also.language'),
      icon: 'language',
      run: () => from.configure({ language: from.language === 'en' ? 'zh-CN' : 'en' }),
    },
  ]
  return [
    { id: 'screens', title: t('palette.screens'), entries: screens },
    { id: 'labs', title: t('palette.labs'), entries: labs },
    { id: 'clusters', title: t('palette.clusters'), entries: clusters },
    { id: 'acts', title: t('palette.acts'), entries: acts },
    { id: 'slides', title: t('palette.slides'), entries: slides },
  ].filter(section => section.entries.length > 0)
}
