// What a cluster is called on screen, and how it is.

import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Target } from '../../electron/contract/cluster.ts'

/** Ours go by their word, a context by its own name. */
export const useTargetName = () => {
  const { t } = useTranslation('shell')
  return useCallback(
    ({ kind, name }: Pick<Target, 'kind' | 'name'>): string => (kind === 'context' ? name : t(`target.${kind}`)),
    [t],
  )
}

/** The shape of a cluster's state; see parts/state-shape. */
export const targetShape = { ready: 'ready', starting: 'progressing', failed: 'failed', stopped: 'pending' } as const

/** How a cluster is, in a few words: what is wrong with it, or how fast it was there. */
export const useTargetNote = () => {
  const { t } = useTranslation(['shell', 'errors'])
  return (target: Target): string => {
    if (target.error) return t(`errors:${target.error.code}.what`, target.error.details ?? {})
    if (target.state === 'ready' && target.readyMs !== undefined)
      return t('target.readyIn', { seconds: (target.readyMs / 1000).toFixed(1) })
    return target.kind === 'context' && target.state === 'stopped' ? (target.server ?? '') : t(`target.${target.state}`)
  }
}
