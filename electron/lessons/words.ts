// Hints in the reader's language. The sentences come from the locale files; facts are put into them here.

import type { Language } from '../contract/shapes.ts'
import type { Hint } from './hints.ts'

/** The locale file `lessons.json` of each language. */
export type Sentences = Readonly<Record<Language, { hint: Readonly<Record<string, string>> }>>

/** A hint as one sentence or two. An unknown key is a mistake of ours and shows itself as the key. */
export const hintText = (hint: Hint, sentences: Sentences, language: Language): string => {
  if ('say' in hint) return hint.say[language]
  const sentence = sentences[language].hint[hint.key] ?? hint.key
  return sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = hint.values[name] ?? ''
    return String(typeof value === 'object' ? value[language] : value)
  })
}
