// The typed client, for whatever a screen asks the host to do.

import { createContext, useContext } from 'react'
import type { Api } from './connect-to-host.ts'

export const ApiContext = createContext<Api | null>(null)

/** @throws Error outside the connected part of the page */
export const useApi = (): Api => {
  const api = useContext(ApiContext)
  if (!api) throw new Error('useApi needs an ApiContext above it')
  return api
}
