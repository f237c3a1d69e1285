// What the shell's parser makes of a script.

/** A piece of a word; `quoted` pieces are neither split nor globbed. */
export type Part =
  | { type: 'text'; text: string; quoted: boolean }
  | { type: 'parameter'; name: string; operator: string; word: Word; quoted: boolean }
  | { type: 'length'; name: string; quoted: boolean }
  | { type: 'command'; body: List; quoted: boolean }
  | { type: 'arithmetic'; word: Word; quoted: boolean }

export type Word = Part[]

export interface Redirect {
  fd: number
  operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '<<'
  /** The file or descriptor; for a here-document its text. */
  target: Word
}

export interface Assignment {
  name: string
  value: Word
}

export type Command =
  | { type: 'simple'; assignments: Assignment[]; words: Word[]; redirects: Redirect[] }
  | { type: 'pipeline'; commands: Command[]; negated: boolean }
  | { type: 'and-or'; left: Command; operator: '&&' | '||'; right: Command }
  | { type: 'group'; body: List; redirects: Redirect[] }
  | { type: 'subshell'; body: List; redirects: Redirect[] }
  | { type: 'if'; branches: { condition: List; body: List }[]; otherwise?: List; redirects: Redirect[] }
  | { type: 'while'; until: boolean; condition: List; body: List; redirects: Redirect[] }
  | { type: 'for'; name: string; words?: Word[]; body: List; redirects: Redirect[] }
  | { type: 'case'; word: Word; cases: { patterns: Word[]; body: List }[]; redirects: Redirect[] }
  | { type: 'function'; name: string; body: Command }

export interface List {
  items: { command: Command; background: boolean }[]
}

/** A command in short, for a list of jobs. */
export const sayCommand = (command: Command): string => {
  if (command.type !== 'simple')
    return command.type === 'pipeline' ? command.commands.map(sayCommand).join(' | ') : `{ ${command.type} }`
  return command.words.map(word => word.map(part => (part.type === 'text' ? part.text : '…')).join('')).join(' ')
}

/** A script that cannot be read; `incomplete` where more lines could mend it. */
export class ShellSyntaxError extends Error {
  readonly incomplete: boolean

  constructor(message: string, incomplete = false) {
    super(message)
    this.name = 'ShellSyntaxError'
    this.incomplete = incomplete
  }
}
