// The application's words outside the page: the same locale files, for the command line and for what the host itself says.

import { createInstance } from 'i18next'
import type { ErrorCode, ErrorDetails } from '../contract/errors.ts'
import { errorIds } from '../contract/errors.ts'
import type { Language } from '../contract/shapes.ts'
import { listFolder, readText } from './files.ts'

/** `t('cli:serve.ready', { url })`. */
export type Translate = (key: string, facts?: Readonly<Record<string, string | number>>) => string

export interface ErrorWords {
  id: string
  code: ErrorCode
  what: string
  why: string
  next: string
}

export interface Locales {
  translate(language: Language): Translate
  explain(language: Language, error: { code: ErrorCode; details?: ErrorDetails }): ErrorWords
}

/** @param folder `resources/locales` */
export const loadLocales = async (folder: string): Promise<Locales> => {
  const resources: Record<string, Record<string, object>> = {}
  for (const language of ['zh-CN', 'en']) {
    const names = (await listFolder(`${folder}/${language}`)).filter(name => name.endsWith('.json'))
    const read = async (name: string): Promise<[string, object]> => [
      name.slice(0, -'.json'.length),
      JSON.parse((await readText(`${folder}/${language}/${name}`)) ?? '{}'),
    ]
    resources[language] = Object.fromEntries(await Promise.all(names.map(read)))
  }
  const words = createInstance()
  await words.init({
    lng: 'zh-CN',
    fallbackLng: false,
    resources,
    interpolation: { escapeValue: false },
    missingInterpolationHandler: () => '',
  })
  const translate = (language: Language): Translate => {
    const fixed = words.getFixedT(language)
    return (key, facts = {}) => fixed(key, facts)
  }
  return {
    translate,
    explain: (language, { code, details = {} }) => {
      const t = translate(language)
      const say = (part: string) => t(`errors:${code}.${part}`, details)
      return { id: errorIds[code], code, what: say('what'), why: say('why'), next: say('next') }
    },
  }
}
