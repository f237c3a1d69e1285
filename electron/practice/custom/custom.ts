// What makes a kind a user's own.

import type { Message } from '../api/schema/table.ts'
import type { ScalePaths } from './definition.ts'
import type { Schema } from './schema.ts'

/** What a custom kind has beside what every kind has. */
export interface Custom {
  schema: Schema
  message: Message
  scale?: ScalePaths
  /** Told to whoever uses this version. */
  warning?: string
  /** Its definition is being deleted: nothing new is taken. */
  isEnding: boolean
  /** Changes whenever its schema may have. */
  revision: string
}
