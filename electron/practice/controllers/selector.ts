// Label selectors against labels.

import type { LabelSelector } from 'kubernetes-types/meta/v1.js'

// Models kubernetes/apimachinery/pkg/apis/meta/v1/helpers.go

/** An empty selector matches everything; none matches nothing. */
export const selects = (selector: LabelSelector | undefined, labels: Record<string, string> = {}): boolean => {
  if (!selector) return false
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key]
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value)
      case 'NotIn':
        return value === undefined || !values.includes(value)
      case 'Exists':
        return value !== undefined
      case 'DoesNotExist':
        return value === undefined
      default:
        return false
    }
  })
}
