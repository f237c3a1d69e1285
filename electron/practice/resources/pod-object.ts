// A Pod as it is stored.

import type { PodSpec, PodStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../object.ts'

export type PodObject = KubeObject & { spec: PodSpec; status?: PodStatus }
