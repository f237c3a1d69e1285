// Which bundle `khw setup` works from: the named one, else the one that came with the application.

import { findBundle } from '../../installer/find-bundle.ts'
import type { Bundle } from '../../installer/index.ts'
import type { CommandContext } from '../program.ts'

/** Undefined where none came along. @throws AppError setup.bundleMissing for a named one that is none */
export const loadBundle = (named: string | undefined, { app }: CommandContext): Promise<Bundle | undefined> =>
  findBundle(named, app.snaps)
