// The alias in the user's ~/.bashrc: added at most once, and taken out again without a trace, whatever else has come into the file.

import { AppError } from '../contract/errors.ts'
import { lookAtFile, removeFile, replaceFile } from '../platform/shared-file.ts'
import { snapKubectl } from './places.ts'

export const aliasPath = (home: string): string => `${home}/.bashrc`

export const aliasLine = `alias kubectl=${snapKubectl}`

/** Begins with a line's end: of a last line that has none, or of an empty line. So taking it out gives back every byte. */
const block = `\n# Added by Kubernetes Hello World; "khw setup undo" takes it out again.\n${aliasLine}\n`

export const isOurAlias = (text: string): boolean => text.includes(block)

/** Somebody's own, wherever it leads. */
export const hasAlias = (text: string): boolean => /^[ \t]*alias[ \t]+kubectl=/m.test(text)

export const withAlias = (text: string): string => (isOurAlias(text) ? text : text + block)

export const withoutAlias = (text: string): string => text.replace(block, '')

/** Against somebody who writes at the same time. */
const tries = 20

/** Bytes stay what they are, in whatever encoding the user writes. @throws AppError setup.shellFile, storage.unwritable */
const edit = async (path: string, change: (text: string) => string, isOurFile: boolean): Promise<void> => {
  for (let left = tries; left > 0; left--) {
    const seen = await lookAtFile(path)
    if (seen.state === 'odd') throw new AppError('setup.shellFile', { path, reason: seen.reason })
    const text = seen.state === 'file' ? seen.bytes.toString('latin1') : ''
    const next = change(text)
    if (next === text) return
    const isLeftEmpty = next === '' && isOurFile && seen.state === 'file'
    const isDone = isLeftEmpty
      ? await removeFile(seen)
      : await replaceFile(seen, Buffer.from(next, 'latin1'), seen.state === 'file' ? seen.mode : 0o644)
    if (isDone) return
  }
  throw new AppError('setup.shellFile', { path, reason: 'busy' })
}

export const addAlias = (path: string): Promise<void> => edit(path, withAlias, false)

/** @param made whether the file was made for it */
export const removeAlias = (path: string, made: boolean): Promise<void> => edit(path, withoutAlias, made)
