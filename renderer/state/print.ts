// What a printed talk's address asks for: `#/print/en,dark,notes`.

import type { Appearance } from './appearance.ts'

export interface Print extends Partial<Appearance> {
  withNotes: boolean
}

/** What is not understood is left out: then the page looks as the settings say. */
export const readPrint = (id = ''): Print => {
  const words = id.split(',')
  const language = (['zh-CN', 'en'] as const).find(each => words.includes(each))
  const theme = (['light', 'dark'] as const).find(each => words.includes(each))
  return { ...(language && { language }), ...(theme && { theme }), withNotes: words.includes('notes') }
}
