// One value kept as a JSON file: checked when read, written whole, and set aside rather than lost when it is broken.

import type { Schema } from '../contract/define.ts'
import { AppError, type ErrorCode } from '../contract/errors.ts'
import type { Clock } from './clock.ts'
import { readText, setAside, writeWhole } from './files.ts'

export interface JsonFile<T> {
  readonly value: T
  /** Why the file could not be used as it was found; the value is then the initial one. */
  readonly problem?: AppError
  /** Takes the value at once, then writes it. @throws AppError storage.unwritable: the value holds, but only until we end */
  set(value: T): Promise<void>
}

export interface JsonFileOptions<T> {
  path: string
  schema: Schema<T>
  initial: T
  /** The code for a file that does not fit; its details are `path`, `kept` (where the old file is now) and `problem`. */
  broken: ErrorCode
  clock: Clock
}

export const openJsonFile = async <T>({ path, schema, initial, broken, clock }: JsonFileOptions<T>): Promise<JsonFile<T>> => {
  let value = initial
  let problem: AppError | undefined
  let writing: Promise<void> = Promise.resolve()

  const read = async () => {
    let text: string | undefined
    try {
      text = await readText(path)
      if (text !== undefined) value = schema.parse(JSON.parse(text))
    } catch (error) {
      const words = error instanceof Error ? error.message.slice(0, 300) : String(error)
      const kept = text === undefined ? path : await setAside(path, `broken-${clock.now()}`).catch(() => path)
      problem = new AppError(broken, { path, kept, problem: words }, { cause: error })
    }
  }

  await read()
  return {
    get value() {
      return value
    },
    get problem() {
      return problem
    },
    set: next => {
      value = next
      const write = () => writeWhole(path, `${JSON.stringify(value, undefined, 2)}\n`)
      const done = writing.then(write, write)
      writing = done
      done.catch(() => {})
      return done
    },
  }
}
