// What can be wrong with a slide: each has its sentence in the locale files, `talk.wrong.<id>`.

import type * as z from 'zod/mini'

export interface Wrong {
  /** The sentence's key. */
  wrong: string
  /** The field of the front matter; empty where it is none. */
  field: string
  /** What stands there, or what could. */
  words: string
}

export const wrong = (id: string, field = '', words = ''): Wrong => ({ wrong: id, field, words })

/** A schema's complaint in the words of whoever writes slides. @param isThere the field has a value */
export const wrongOf = (issue: z.core.$ZodIssue | undefined, isThere: boolean): Wrong => {
  const field = String(issue?.path[0] ?? '')
  if (field === 'id') return wrong('name')
  if (!isThere) return wrong('missing', field)
  switch (issue?.code) {
    case 'invalid_value':
      return wrong('oneOf', field, issue.values.join(', '))
    case 'invalid_type':
      return wrong('text', field)
    case 'invalid_format':
      return wrong(field === 'command' ? 'hiddenSign' : 'id', field)
    default:
      return wrong('length', field)
  }
}
