// Commands as people read them, and could type them themselves.

import type { Act } from './helper/commands.ts'

const isPlain = /^[\w@%+=:,./-]+$/

/** For a POSIX shell. */
export const quoted = (word: string): string => (isPlain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

/** Programs by their short names, where that is how everybody knows them. */
const short = (path: string): string => path.replace(/^(\/usr)?\/s?bin\/|^\/snap\/bin\//, '')

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')

export const shownAct = (act: Act): string => {
  switch (act.type) {
    case 'run': {
      const [program, ...rest] = act.argv
      return [short(program), ...rest.filter(word => word !== '--no-wait')].map(quoted).join(' ')
    }
    case 'write':
      return `install -m ${octal(act.mode)} /dev/stdin ${quoted(act.path)}`
    case 'remove':
      return `rm -rf ${quoted(act.path)}`
    case 'remove-empty':
      return `rmdir --ignore-fail-on-non-empty ${quoted(act.path)}`
    case 'copy':
      return `install -m 0600 ${quoted(act.from)} ${quoted(act.to)}`
    case 'place':
      return `ln ${quoted(act.from)} ${quoted(act.to)}`
    case 'link':
      return `ln -s ${quoted(act.target)} ${quoted(act.path)}`
    case 'unlink':
      return `rm ${quoted(act.path)}`
  }
}

/** The file's text, for an act that writes one. */
export const contentOf = (act: Act): string | undefined => (act.type === 'write' && act.text !== '' ? act.text : undefined)
