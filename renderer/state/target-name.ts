// What a cluster is called on screen.

import { useTranslation } from 'react-i18next'
import type { Target } from '../../electron/contract/cluster.ts'

export const useTargetName = () => {
  const { t } = useTranslation('shell')
  return (target: Pick<Target, 'kind' | 'name'>): string => (target.kind === 'context' ? target.name : t(`target.${target.kind}`))
}
