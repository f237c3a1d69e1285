// Hints in the reader's language: facts are gathered here, the sentences are the locale files'.

import type { Language } from '../contract/shapes.ts'
import type { Hint } from './hints.ts'

/** The sentence `lessons:hint.<key>` of a language, with its facts put in. */
export type Sentences = (language: Language, key: string, facts: Readonly<Record<string, string | number>>) => string

/** A hint as one or two sentences; commands in it look into the lesson's namespace. */
export const hintText = (hint: Hint, sentences: Sentences, language: Language, namespace: string): string => {
  if ('say' in hint) return hint.say[language]
  const facts = Object.entries(hint.values).map(([name, value]) => [name, typeof value === 'object' ? value[language] : value])
  const kubectl = namespace === 'default' ? 'kubectl' : `kubectl -n ${namespace}`
  return sentences(language, hint.key, { ...Object.fromEntries(facts), kubectl })
}
