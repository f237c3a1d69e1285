// The terminal that we were started in, where there is one.

import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'

/** Whether a program of ours can ask the user something on the controlling terminal, as sudo does. */
export const hasTerminal = (): boolean => {
  try {
    closeSync(openSync('/dev/tty', 'r+'))
    return true
  } catch {
    return false
  }
}

/** Whether a line can be drawn over. */
export const canRedraw = (): boolean => process.stdout.isTTY === true && process.env.TERM !== 'dumb'

/** True only for a typed y or yes; no input at all is a no. */
export const askYes = async (question: string): Promise<boolean> => {
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await new Promise<string>(resolve => {
      asking.once('close', () => resolve(''))
      asking.once('SIGINT', () => resolve(''))
      void asking.question(question).then(resolve, () => resolve(''))
    })
    return /^(y|yes|是|好)$/i.test(answer.trim())
  } finally {
    asking.close()
  }
}
