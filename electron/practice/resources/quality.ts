// The quality-of-service class of a Pod, from its requests and limits.

import type { PodSpec } from 'kubernetes-types/core/v1.js'

/** Models kubernetes/pkg/apis/core/helper/qos. */
export const qosClass = (spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' => {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  const isSet = (list: Readonly<Record<string, unknown>> | undefined) => list?.cpu !== undefined || list?.memory !== undefined
  if (!containers.some(({ resources }) => isSet(resources?.requests) || isSet(resources?.limits))) return 'BestEffort'
  const isGuaranteed = containers.every(({ resources }) =>
    ['cpu', 'memory'].every(name => {
      const limit = resources?.limits?.[name]
      return limit !== undefined && (resources?.requests?.[name] ?? limit) === limit
    }),
  )
  return isGuaranteed ? 'Guaranteed' : 'Burstable'
}
