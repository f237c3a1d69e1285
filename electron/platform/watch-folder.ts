// Tells that something in a folder has changed: soon, and once for many changes together.

import { watch } from 'node:fs'
import { makeFolder } from './files.ts'

/** Changes within this time are told together. */
const gapMs = 50

/** Makes the folder where it is not there. The listener may be called once more than needed, never once less. Returns the stop. */
export const watchFolder = async (path: string, onChange: () => void, onError: (error: unknown) => void): Promise<() => void> => {
  await makeFolder(path)
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(path, () => {
    timer ??= setTimeout(() => {
      timer = undefined
      onChange()
    }, gapMs)
  })
  watcher.on('error', onError)
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
