// How long the talk should take, as the host keeps it.

import { useEffect, useState } from 'react'
import type { Plan } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'

export const usePlan = (fail: (fault: unknown) => void): { plan: Plan; aim(change: Partial<Plan>): void } => {
  const api = useApi()
  const [plan, setPlan] = useState<Plan>({ minutes: null, shares: null })
  useEffect(() => api.talk.plan({}, setPlan, { onError: fail }), [api, fail])
  return { plan, aim: change => void api.talk.aim(change).catch(fail) }
}
