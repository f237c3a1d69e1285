// The last known language and theme, so that the first frame after a reload is already right.

import type { Settings } from '../../electron/contract/app.ts'

export type Appearance = Pick<Settings, 'language' | 'theme'>

const place = 'khw.appearance'

/** What was kept, else what the browser's user reads. */
export const keptAppearance = (): Appearance => {
  const language = navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
  try {
    const kept: Partial<Appearance> = JSON.parse(localStorage.getItem(place) ?? '{}')
    return {
      language: kept.language === 'en' || kept.language === 'zh-CN' ? kept.language : language,
      theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
    }
  } catch {
    return { language, theme: 'system' }
  }
}

export const wear = ({ language, theme }: Appearance): void => {
  const page = document.documentElement
  page.lang = language
  if (theme === 'system') page.removeAttribute('data-theme')
  else page.dataset.theme = theme
  localStorage.setItem(place, JSON.stringify({ language, theme }))
}

/** What the eye sees now, whatever the setting says. */
export const isDark = (theme: Settings['theme']): boolean =>
  theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
