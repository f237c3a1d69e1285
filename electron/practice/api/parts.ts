// Which part of an object a request changes, and what may change there.

import type { KubeObject } from '../object.ts'
import type { WriteOptions } from '../registry.ts'
import { checkDebuggers } from './ephemeral.ts'
import { checkResize } from './resize.ts'
import type { Target } from './target.ts'

type Part = NonNullable<WriteOptions['subresource']>

/** What the registry leaves to be checked here. */
const checks: Readonly<Record<Part, ((object: KubeObject, old: KubeObject) => void) | undefined>> = {
  status: undefined,
  ephemeralcontainers: checkDebuggers,
  resize: checkResize,
}
const isPart = (name: string | undefined): name is Part => name !== undefined && Object.hasOwn(checks, name)

/** Which part of an object the registry is to change; checked. @throws StatusError 422 */
export const partOf = ({ subresource }: Target, object: KubeObject, old: KubeObject): Pick<WriteOptions, 'subresource'> => {
  if (!isPart(subresource)) return {}
  checks[subresource]?.(object, old)
  return { subresource }
}
