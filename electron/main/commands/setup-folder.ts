// Where Setup's journal, progress and logs are.

import { join } from 'node:path'
import type { CommandContext } from '../program.ts'

export const setupFolder = (context: CommandContext): string => join(context.user().state, 'setup')
