// Where the user is, kept in the address after `#`, so that reload, back and a copied link all work.

import { createStore, type StoreApi } from 'zustand/vanilla'

export type Screen = 'welcome' | 'talk' | 'labs' | 'cluster' | 'setup' | 'settings' | 'presenter' | 'print'

/** `id` is a lesson under labs, a slide under talk, and how it should look under print. */
export interface Route {
  screen: Screen
  id?: string
}

const screens: readonly Screen[] = ['welcome', 'talk', 'labs', 'cluster', 'setup', 'settings', 'presenter', 'print']

/** What is not understood is the front door: undefined. */
export const parseRoute = (hash: string): Route | undefined => {
  const [, screen = '', id = ''] = hash.replace(/^#/, '').split('/')
  const known = screens.find(name => name === screen)
  if (!known) return undefined
  try {
    return id ? { screen: known, id: decodeURIComponent(id) } : { screen: known }
  } catch {
    return { screen: known }
  }
}

/** The address of a route, for links: `#/labs/01-pod`. */
export const hrefOf = ({ screen, id }: Route): string => `#/${screen}${id ? `/${encodeURIComponent(id)}` : ''}`

export interface Router {
  /** Undefined at the front door, which the app resolves to welcome or labs. */
  store: StoreApi<Route | undefined>
  go(route: Route): void
  stop(): void
}

export const createRouter = (view: Window): Router => {
  const store = createStore<Route | undefined>(() => parseRoute(view.location.hash))
  const read = () => store.setState(parseRoute(view.location.hash), true)
  view.addEventListener('hashchange', read)
  return {
    store,
    go: route => {
      view.location.hash = hrefOf(route)
    },
    stop: () => view.removeEventListener('hashchange', read),
  }
}
