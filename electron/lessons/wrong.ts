// What can be wrong with a lesson's texts: each has its sentence in the locale files, `lessons.wrong.<id>`.

import type * as z from 'zod/mini'

export interface Wrong {
  /** The sentence's key. */
  wrong: string
  [fact: string]: string | number
}

/** A schema's complaint in the words of whoever writes lessons. @param isThere the field has a value */
export const wrongOf = (issue: z.core.$ZodIssue, isThere: boolean): Wrong => {
  switch (issue.code) {
    case 'invalid_type':
      return isThere ? { wrong: `type.${issue.expected}` } : { wrong: 'missing' }
    case 'unrecognized_keys':
      return { wrong: 'unknownField', words: issue.keys.join(', ') }
    case 'too_big':
      return { wrong: 'tooMuch', most: Number(issue.maximum) }
    case 'too_small':
      return { wrong: 'tooLittle', least: Number(issue.minimum) }
    case 'invalid_format':
      // the schema names the sentence
      return { wrong: issue.message }
    default:
      return { wrong: 'other', words: issue.message }
  }
}
