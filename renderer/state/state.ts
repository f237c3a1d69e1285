// Everything that screens read: facts from the host's streams, and what this window shows.

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Settings } from '../../electron/contract/app.ts'
import type { Targets } from '../../electron/contract/cluster.ts'
import type { PracticeState } from '../../electron/contract/practice.ts'
import type { Host, Link } from '../api/connect-to-host.ts'
import { createCatalogue } from './catalogue.ts'
import { type Follower, follow } from './follow.ts'
import { followObjects, type Objects } from './objects.ts'
import { createRouter, type Router } from './route.ts'
import { createTerminals, type TerminalStore } from './terminal.ts'
import { followTimeline, type Timeline } from './timeline.ts'
import { followTrace, type Trace } from './trace.ts'
import { createView, type View } from './view.ts'

export interface State {
  /** `lost` comes back by itself; `since` is in milliseconds since the epoch. */
  link: StoreApi<{ link: Link; since: number }>
  settings: Follower<Settings>
  targets: Follower<Targets>
  objects: Follower<Objects>
  /** Null where there is no practice cluster to be told of. */
  practice: Follower<Told>
  timeline: Follower<Timeline>
  trace: Follower<Trace>
  terminals: TerminalStore
  catalogue: ReturnType<typeof createCatalogue>
  router: Router
  view: StoreApi<View>
  stop(): void
}

/** What the practice cluster told last, and when we heard it, in milliseconds since the epoch. */
export interface Told {
  state: PracticeState | null
  heardAt: number
}

const latest = <E>(_known: E | undefined, event: E): E => event

export const createState = ({ api, link: followLink }: Pick<Host, 'api' | 'link'>, view: Window = window): State => {
  const link = createStore<{ link: Link; since: number }>(() => ({ link: 'opening', since: Date.now() }))
  const settings = follow<Settings, Settings>((onEvent, options) => api.app.settings({}, onEvent, options), latest)
  const targets = follow<Targets, Targets>((onEvent, options) => api.cluster.targets({}, onEvent, options), latest)
  const objects = followObjects(api)
  const practice = follow<PracticeState | null, Told>(
    (onEvent, options) => api.practice.state({}, onEvent, options),
    (_known, state) => ({ state, heardAt: Date.now() }),
  )
  const timeline = followTimeline(api)
  const trace = followTrace(api)
  const router = createRouter(view)
  const terminals = createTerminals(api.terminal)
  const stopLink = followLink(next => link.setState({ link: next, since: Date.now() }))
  return {
    link,
    settings,
    targets,
    objects,
    practice,
    timeline,
    trace,
    terminals,
    catalogue: createCatalogue(api),
    router,
    view: createView(),
    stop: () => {
      stopLink()
      settings.stop()
      targets.stop()
      objects.stop()
      practice.stop()
      timeline.stop()
      trace.stop()
      terminals.stop()
      router.stop()
    },
  }
}
