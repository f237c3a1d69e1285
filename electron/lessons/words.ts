// Hints in the reader's language: facts are gathered here, the sentences are the locale files'.

import { causeIds, type Diagnosis, wordsOf } from '../contract/diagnosis.ts'
import type { CheckState } from '../contract/lessons.ts'
import type { Language } from '../contract/shapes.ts'
import type { Hint } from './hint.ts'

/** The sentence of a language's locale files, such as `lessons:hint.notFound`, with its facts put in. */
export type Sentences = (language: Language, key: string, facts: Readonly<Record<string, string | number>>) => string

/** A hint as one or two sentences; commands in it look into the lesson's namespace. */
export const hintText = (hint: Hint, sentences: Sentences, language: Language, namespace: string): string => {
  if ('say' in hint) return hint.say[language]
  if ('trouble' in hint) return troubleText(hint.trouble, sentences, language)
  const facts = Object.entries(hint.values).map(([name, value]) => [name, typeof value === 'object' ? value[language] : value])
  const kubectl = namespace === 'default' ? 'kubectl' : `kubectl -n ${namespace}`
  return sentences(language, `lessons:hint.${hint.key}`, { ...Object.fromEntries(facts), kubectl })
}

/** What is wrong, and the command to type next. */
const troubleText = ({ cause, facts, next }: Diagnosis, sentences: Sentences, language: Language): string => {
  const { title, so } = wordsOf({ cause, facts })
  const [first] = next
  const words = { title: sentences(language, title, facts), so: sentences(language, so, facts), command: first?.command ?? '' }
  return sentences(language, first === undefined ? 'lessons:hint.troubleBare' : 'lessons:hint.trouble', words)
}

/** The short line under a check: why, with the id that the docs explain. */
export const whyText = (why: Diagnosis, sentences: Sentences, language: Language): NonNullable<CheckState['why']> => ({
  id: causeIds[why.cause],
  title: sentences(language, wordsOf(why).title, why.facts),
  uid: why.subject.uid,
})
