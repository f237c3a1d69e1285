// Redirections: files, copied descriptors and here-documents, opened in the shell's own descriptors.

import { openInput, openOutput } from '../special-files.ts'
import { inputOf } from '../streams.ts'
import { errorCode, strerror } from '../words.ts'
import type { Redirect } from './ast.ts'
import { ShellError } from './control.ts'
import { expandText } from './expand.ts'
import type { Shell } from './shell.ts'
import type { Descriptor } from './state.ts'

/** @throws ShellError in ash's words */
export const openRedirect = async (shell: Shell, { fd, operator, target }: Redirect): Promise<void> => {
  const text = await expandText(target, shell)
  const { descriptors } = shell.state
  const put = (descriptor: Descriptor) => void descriptors.set(fd, descriptor)
  const nowhere = () => {}
  const streams = {
    stdin: shell.stdin,
    stdout: descriptors.get(1)?.output ?? nowhere,
    stderr: descriptors.get(2)?.output ?? nowhere,
  }
  if (operator === '<<') return put({ input: inputOf(text) })
  if (operator === '<&' || operator === '>&') {
    if (text === '-') {
      descriptors.delete(fd)
      return
    }
    const other = /^\d+$/.test(text) ? descriptors.get(Number(text)) : undefined
    if (!other) throw new ShellError(`${text}: Bad file descriptor`, 2, true)
    return put(other)
  }
  const opening = operator === '<' ? "can't open" : "can't create"
  const missing = operator === '<' ? 'no such file' : 'nonexistent directory'
  try {
    if (operator === '<') put({ input: openInput(shell.path(text), shell.container, streams) })
    else put({ output: openOutput(shell.path(text), operator === '>>' || operator === '<>', shell.container, streams) })
  } catch (error) {
    throw new ShellError(`${opening} ${text}: ${errorCode(error) === 'ENOENT' ? missing : strerror(error)}`, 1, true)
  }
}
