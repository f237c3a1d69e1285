import type { KubeObject } from '../object.ts'
import { badRequest } from '../status-error.ts'
import type { Exchange } from './exchange.ts'
import type { Backend, Target } from './target.ts'

export const apply = (_b: Backend, _e: Exchange, _t: Target, _applied: unknown): { object: KubeObject; code: number } => {
  throw badRequest('not yet')
}
