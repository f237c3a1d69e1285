// Which screen draws which place; each is its own chunk, read when it is first asked for.

import { type ComponentType, lazy } from 'react'
import type { Screen } from '../state/route.ts'

type ScreenProps = { id?: string }

const chunk = (load: () => Promise<ComponentType<ScreenProps>>) => lazy(async () => ({ default: await load() }))

export const screens: Record<Screen, ComponentType<ScreenProps>> = {
  welcome: chunk(async () => (await import('../screens/welcome/welcome-screen.tsx')).WelcomeScreen),
  talk: chunk(async () => (await import('../screens/talk/talk-screen.tsx')).TalkScreen),
  presenter: chunk(async () => (await import('../screens/talk/presenter-screen.tsx')).PresenterScreen),
  print: chunk(async () => (await import('../screens/talk/print-screen.tsx')).PrintScreen),
  labs: chunk(async () => (await import('../screens/labs/labs-screen.tsx')).LabsScreen),
  cluster: chunk(async () => (await import('../screens/cluster/cluster-screen.tsx')).ClusterScreen),
  setup: chunk(async () => (await import('../screens/setup/setup-screen.tsx')).SetupScreen),
  settings: chunk(async () => (await import('../screens/settings/settings-screen.tsx')).SettingsScreen),
}
