// What a cluster is called on screen.

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
