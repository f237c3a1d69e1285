// Who let the helper in, and what he may ask for nobody but himself.

import { AppError } from '../../contract/errors.ts'
import { run } from '../../platform/run.ts'
import type { RootRequest } from './verbs.ts'

/** Undefined where nobody did: root started us himself. */
export const invoker = (env: NodeJS.ProcessEnv): number | undefined => {
  const uid = env.PKEXEC_UID ?? env.SUDO_UID
  return uid !== undefined && /^\d+$/.test(uid) ? Number(uid) : undefined
}

/** Members of MicroK8s' group are as good as root: nobody makes another one. @throws AppError setup.helperRequest */
export const demandSelf = async (request: RootRequest, uid: number | undefined): Promise<void> => {
  if (request.verb !== 'group-join' || uid === undefined) return
  const { stdout } = await run(['/usr/bin/id', '-u', '--', request.user], { timeout: 10_000 })
  if (stdout.trim() !== String(uid)) throw new AppError('setup.helperRequest', { words: `group-join ${request.user}` })
}
