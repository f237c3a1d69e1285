// How a shell is started so that it tells us of its prompts and commands, without touching the user's own files.

import { basename, join } from 'node:path'

export interface Launch {
  argv: readonly [string, ...string[]]
  env: Readonly<Record<string, string>>
  /** Whether the shell will tell of its prompts and commands. */
  hasMarks: boolean
}

export interface LaunchOptions {
  /** Path of the user's shell. */
  shell: string
  /** The folder with our rc files. */
  files: string
  env: Readonly<Record<string, string>>
  nonce: string
  /** Words before the `$` of the prompt. */
  prompt?: string
  /** A folder for the front of PATH, put there after the user's rc file. */
  path?: string
}

/** bash and zsh read our rc file, which reads the user's first; any other shell starts as it is, with a plain prompt. */
export const launchShell = ({ shell, files, env, nonce, prompt = '', path = '' }: LaunchOptions): Launch => {
  const ours = { ...env, SHELL: shell, KHW_NONCE: nonce, KHW_LABEL: prompt && `${prompt} `, KHW_PATH: path }
  const name = basename(shell)
  if (name === 'bash') return { argv: [shell, '--rcfile', join(files, 'bashrc'), '-i'], env: ours, hasMarks: true }
  if (name === 'zsh')
    return { argv: [shell, '-i'], env: { ...ours, ZDOTDIR: join(files, 'zsh'), KHW_ZDOTDIR: env.ZDOTDIR ?? '' }, hasMarks: true }
  const front: Record<string, string> = path && env.PATH ? { PATH: `${path}:${env.PATH}` } : {}
  return { argv: [shell, '-i'], env: { ...env, ...front, SHELL: shell, PS1: `${prompt && `${prompt} `}$ ` }, hasMarks: false }
}
