// After Setup: MicroK8s started, stopped, inspected, and shared with a second machine by its own clustering.

import { AppError } from '../contract/errors.ts'
import type { Clock } from '../platform/clock.ts'
import { invitation } from './helper/verbs.ts'
import type { RootSession } from './privilege.ts'

/** What `microk8s add-node` printed, or the invitation alone. @throws AppError setup.invitation */
export const readInvitation = (words: string): string => {
  const word =
    words
      .trim()
      .replace(/^(sudo\s+)?microk8s\s+join\s+/, '')
      .split(/\s+/)[0] ?? ''
  const read = invitation.safeParse(word)
  if (!read.success) throw new AppError('setup.invitation', { words: word.slice(0, 80) })
  return read.data
}

/** The invitations in what `microk8s add-node` prints, the first one first. Pure. */
export const invitationsIn = (text: string): string[] => {
  const found = [...text.matchAll(/microk8s join (\S+)/g)].flatMap(([, word = '']) => invitation.safeParse(word).data ?? [])
  return [...new Set(found)]
}

/** `microk8s status --format short`, read: its exit code says 0 for a stopped one. Pure. */
export const readStatus = (text: string): 'running' | 'stopped' | 'absent' => {
  if (/^microk8s is running/m.test(text)) return 'running'
  return text.includes('microk8s') ? 'stopped' : 'absent'
}

/** Longer than a cold start on a slow disk. */
const patienceMs = 180_000
const pauseMs = 2_000

/** @throws AppError setup.notReady after three minutes */
export const awaitRunning = async (root: RootSession, clock: Clock, signal: AbortSignal): Promise<void> => {
  const end = clock.now() + patienceMs
  for (;;) {
    const { stdout } = await root.ask({ verb: 'look-status' })
    if (readStatus(stdout) === 'running') return
    if (clock.now() > end) throw new AppError('setup.notReady', { words: stdout.trim().slice(0, 200) })
    await clock.sleep(pauseMs, signal)
  }
}
