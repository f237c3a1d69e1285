// The application's own domain: what it is, and the user's settings, told to every window.

import type { Info, Settings } from '../contract/app.ts'
import type { Services } from '../contract/define.ts'
import type { AppError } from '../contract/errors.ts'
import type { AppContract } from '../contract/index.ts'
import { createChanging } from '../platform/changing.ts'
import type { JsonFile } from '../platform/json-file.ts'

export interface AppServiceDeps {
  version: string
  host: Info['host']
  folders: NonNullable<Info['folders']>
  settings: JsonFile<Settings>
  kubectl(): Promise<{ path: string; version: string } | undefined>
  /** What was wrong at the start beside the settings file. */
  problems: readonly AppError[]
}

export const initialSettings: Settings = { language: 'zh-CN', theme: 'system', welcomed: false }

/** `configure` throws storage.unwritable where the change could not be kept: it holds, and is told, until we end. */
export const createAppService = (deps: AppServiceDeps): Services<AppContract>['app'] => {
  const { version, host, folders, settings, kubectl, problems } = deps
  const current = createChanging(settings.value)
  const found = [...problems, ...(settings.problem ? [settings.problem] : [])].map(problem => problem.toWire())

  return {
    info: async () => ({ version, host, kubectl: (await kubectl()) ?? null, folders, problems: found }),
    settings: (_, { signal }) => current.stream(signal),
    configure: async change => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      const next: Settings = { ...current.get(), ...Object.fromEntries(given) }
      current.set(next)
      await settings.set(next)
      return {}
    },
  }
}
