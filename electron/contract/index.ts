// What a window may ask and will hear: every call and stream, with schemas and error codes. No I/O.

import { app } from './app.ts'
import { cluster } from './cluster.ts'
import { lessons } from './lessons.ts'
import { practice } from './practice.ts'
import { setup } from './setup.ts'
import { talk } from './talk.ts'
import { terminal } from './terminal.ts'
import { trace } from './trace.ts'

export const contract = { app, cluster, trace, terminal, lessons, talk, setup, practice }
export type AppContract = typeof contract
