// Reports in each ResourceQuota's status what its namespace takes.

import { isEqual } from '../clone.ts'
import { keyOf, splitKey } from '../object.ts'
import { amountText, usedIn } from '../quota.ts'
import type { ResourceQuotaObject } from '../resources/resource-quota.ts'
import type { Controller, ControllerContext } from './controller.ts'

// Models kubernetes/pkg/controller/resourcequota/resource_quota_controller.go

/** The controller. */
export const quotaUsage = ({ registry }: ControllerContext): Controller => {
  const { store } = registry
  return {
    name: 'resourcequota',
    watches: {
      '*': ({ resource, object }) => {
        const { namespace } = object.metadata
        // Events come by the hundred and are rarely counted: the next other change counts them.
        if (!namespace || resource === 'events') return []
        return store.list('resourcequotas', namespace).map(keyOf)
      },
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const quota = store.get('resourcequotas', namespace, name) as ResourceQuotaObject | undefined
      if (!quota) return undefined
      const hard = quota.spec.hard ?? {}
      const used = Object.entries(usedIn(store, namespace, Object.keys(hard), quota.spec))
      const status = { hard, used: Object.fromEntries(used.map(([what, value]) => [what, amountText(what, value)])) }
      if (!isEqual(status, quota.status ?? {})) {
        registry.modify('resourcequotas', namespace, name, copy => ({ ...copy, status }), { subresource: 'status' })
      }
      return undefined
    },
  }
}
