// Setup's state as this window sees it, and the moment that running times are counted to.

import { useEffect, useState } from 'react'
import type { AppError } from '../../../electron/contract/errors.ts'
import type { SetupState } from '../../../electron/contract/setup.ts'
import { useApi } from '../../api/use-api.ts'

/** Follows Setup while a screen shows it. */
export const useSetup = (): { state: SetupState | undefined; error: AppError | undefined } => {
  const api = useApi()
  const [state, setState] = useState<SetupState>()
  const [error, setError] = useState<AppError>()
  useEffect(() => api.setup.state({}, setState, { onError: setError }), [api])
  return { state, error }
}

/** Milliseconds since the epoch, anew each second while something runs. */
export const useNow = (isRunning: boolean): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    setNow(Date.now())
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  return now
}
