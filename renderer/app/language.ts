// The words of the page: one language at first, the other a moment later, so that switching needs no wait.

import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Settings } from '../../electron/contract/app.ts'

type Language = Settings['language']

const chunks: Record<Language, () => Promise<{ default: Record<string, object> }>> = {
  'zh-CN': () => import('./zh-cn.ts'),
  en: () => import('./en.ts'),
}

const load = async (words: i18n, language: Language) => {
  for (const [path, texts] of Object.entries((await chunks[language]()).default)) {
    const namespace = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
    words.addResourceBundle(language, namespace, texts)
  }
}

export const createWords = async (language: Language): Promise<i18n> => {
  const words = createInstance()
  await words.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    // A fact that an error did not bring leaves a gap, not braces.
    missingInterpolationHandler: () => '',
  })
  await load(words, language)
  return words
}

/** Loads a language that may be wanted later. */
export const prepare = async (words: i18n, language: Language): Promise<void> => {
  if (!words.hasResourceBundle(language, 'shell')) await load(words, language)
}

let wished: Language | undefined

/** Every word from now on in that language; of several wishes the last one counts, whichever language is loaded first. */
export const speak = async (words: i18n, language: Language): Promise<void> => {
  wished = language
  await prepare(words, language)
  if (wished === language) await words.changeLanguage(language)
}
