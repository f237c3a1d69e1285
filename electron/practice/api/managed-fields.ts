import type { KubeObject } from '../object.ts'
import type { Exchange } from './exchange.ts'
import type { Backend, Target } from './target.ts'

export const owned = (
  _backend: Backend,
  _exchange: Exchange,
  _target: Target,
  _old: KubeObject | undefined,
  object: Partial<KubeObject>,
): Partial<KubeObject> => object
