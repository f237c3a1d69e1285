// From a command's name to what runs: PATH, executable files of the image, scripts with a #! line.

import { FileError, type FileTree, resolvePath } from './files.ts'
import { ExecError, programIn } from './program.ts'

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export interface Found {
  path: string
  /** The image's program that the file stands for. */
  program?: string
  /** For a script: its interpreter and the interpreter's argument. */
  interpreter?: readonly string[]
}

const isExecutable = (files: FileTree, path: string): boolean => {
  try {
    const info = files.stat(path)
    return info.type === 'file' && (info.mode & 0o111) !== 0
  } catch (error) {
    if (error instanceof FileError) return false
    throw error
  }
}

/** The path of a command, as `which` tells it. */
export const findCommand = (files: FileTree, name: string, cwd: string, path: string | undefined): string | undefined => {
  if (name.includes('/')) return isExecutable(files, resolvePath(cwd, name)) ? resolvePath(cwd, name) : undefined
  for (const directory of (path ?? defaultPath).split(':')) {
    const candidate = resolvePath(cwd, `${directory || '.'}/${name}`)
    if (name !== '' && isExecutable(files, candidate)) return candidate
  }
  return undefined
}

/** @throws ExecError where there is none, or it is no program */
export const findProgram = (files: FileTree, name: string, cwd: string, path: string | undefined): Found => {
  const found = findCommand(files, name, cwd, path)
  if (found === undefined) {
    if (!name.includes('/')) throw new ExecError(`exec: "${name}": executable file not found in $PATH`, 127)
    const full = resolvePath(cwd, name)
    if (!files.exists(full)) throw new ExecError(`exec: "${name}": stat ${name}: no such file or directory`, 127)
    throw new ExecError(`exec: "${name}": ${files.stat(full).type === 'directory' ? 'is a directory' : 'permission denied'}`, 126)
  }
  const bytes = files.read(found)
  const program = programIn(bytes)
  if (program !== undefined) return { path: found, program }
  if (bytes[0] === 0x23 && bytes[1] === 0x21) {
    const line = new TextDecoder().decode(bytes.subarray(2, 200)).split('\n', 1)[0]!.trim()
    const space = line.search(/\s/)
    return { path: found, interpreter: space < 0 ? [line] : [line.slice(0, space), line.slice(space).trim()] }
  }
  throw new ExecError(`exec ${found}: exec format error`, 126)
}
