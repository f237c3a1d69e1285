// Does one verb's acts, one after another, as root; says each before it is done, and stops at the first that fails.

import { AppError } from '../../contract/errors.ts'
import { readText, remove } from '../../platform/files.ts'
import { run } from '../../platform/run.ts'
import {
  copyVerified,
  digestOf,
  makeLink,
  makeSystemFolder,
  placeFile,
  removeIfEmpty,
  removeLink,
  writeSystemFile,
} from '../../platform/system-files.ts'
import type { RootAnswer } from '../machine.ts'
import { packagedLock, stageFolder } from '../places.ts'
import { shownAct } from '../shown.ts'
import { problemOf } from '../snap-problem.ts'
import { type Act, commandsOf } from './commands.ts'
import { demandSelf, invoker } from './invoker.ts'
import { isLook, type RootRequest } from './verbs.ts'

/** Our own PATH, no proxy, no language but C: whoever started us has no say in what a program does. */
const environment = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  USER: 'root',
  LOGNAME: 'root',
  // Else every kubectl inside of MicroK8s' commands leaves a cache in root's home.
  KUBECACHEDIR: '/dev/null',
}

/** An install hook or `enable` that takes longer is stuck. */
const defaultPatience = 900

const nothing: RootAnswer = { code: 0, stdout: '', stderr: '' }

const runProgram = async (act: Extract<Act, { type: 'run' }>, log: (line: string) => void): Promise<RootAnswer> => {
  const { code, stdout, stderr, timedOut } = await run(act.argv, {
    env: environment,
    cwd: '/',
    timeout: (act.patience ?? defaultPatience) * 1000,
    maxOutput: 32 * 1024 * 1024,
  })
  if (!act.asks && !act.quiet) for (const line of `${stdout}\n${stderr}`.split('\n')) if (line.trim() !== '') log(line)
  if (code !== 0 && !act.asks && !act.mayFail)
    throw problemOf(act.argv, code, timedOut ? `${stderr}\n(timed out)` : stderr, stdout)
  const change = act.begins === undefined ? undefined : /^(\d+)\s*$/m.exec(stdout)?.[1]
  return { code, stdout, stderr, ...(change === undefined ? {} : { change }) }
}

const performAct = async (act: Act, log: (line: string) => void): Promise<RootAnswer> => {
  switch (act.type) {
    case 'run':
      return runProgram(act, log)
    case 'write':
      await writeSystemFile(act.path, act.text, act.mode)
      return nothing
    case 'remove':
      await remove(act.path)
      return nothing
    case 'remove-empty':
      await removeIfEmpty(act.path)
      return nothing
    case 'copy':
      await makeSystemFolder(stageFolder, 0o700)
      await copyVerified(act.from, act.to, act)
      return nothing
    case 'place':
      await placeFile(act.from, act.to)
      return nothing
    case 'link':
      await makeLink(act.path, act.target)
      return nothing
    case 'unlink':
      await removeLink(act.path, act.target)
      return nothing
  }
}

/** Without a signature a snap is as good as who vouches for it: the package's own lock, where there is one. @throws AppError setup.corrupt */
export const demandLocked = async (request: RootRequest, lockPath = packagedLock, folder = stageFolder): Promise<void> => {
  if (request.verb !== 'snap-install' || request.how !== 'dangerous') return
  const lock = await readText(lockPath)
  if (lock === undefined) return
  const file = `${request.snap}.snap`
  const digest = await digestOf(`${folder}/${file}`, 'sha3-384')
  if (!lock.includes(`"${digest.slice('sha3-384:'.length)}"`)) throw new AppError('setup.corrupt', { file })
}

/** @throws AppError setup.* for the first act that fails; those before it are done */
export const perform = async (request: RootRequest, log: (line: string) => void): Promise<RootAnswer> => {
  await demandLocked(request)
  await demandSelf(request, invoker(process.env))
  let answer = nothing
  for (const act of commandsOf(request)) {
    if (!isLook(request)) log(`# ${shownAct(act)}`)
    answer = await performAct(act, log)
  }
  return answer
}
