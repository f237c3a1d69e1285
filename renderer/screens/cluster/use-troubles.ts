// Why things are not ready, as the host tells it: all troubles of the cluster, and one object looked at closely.

import { useEffect, useState } from 'react'
import type { Look } from '../../../electron/contract/cluster.ts'
import type { Diagnosis } from '../../../electron/contract/diagnosis.ts'
import { useApi } from '../../api/use-api.ts'
import { useAppState } from '../../state/use-state.ts'

export const useTroubles = (): readonly Diagnosis[] => {
  const api = useApi()
  const { view } = useAppState()
  const [troubles, setTroubles] = useState<readonly Diagnosis[]>([])
  useEffect(
    () => api.cluster.diagnoses({}, setTroubles, { onError: error => view.setState({ failure: error.toWire() }) }),
    [api, view],
  )
  return troubles
}

/** Undefined until the host has looked. */
export const useLook = (uid: string): Look | undefined => {
  const api = useApi()
  const { view } = useAppState()
  const [told, setTold] = useState<{ uid: string; look: Look }>()
  useEffect(
    () =>
      api.cluster.look({ uid }, look => setTold({ uid, look }), {
        onError: error => view.setState({ failure: error.toWire() }),
      }),
    [api, view, uid],
  )
  return told?.uid === uid ? told.look : undefined
}
