// A Service as it is stored.

import type { ServiceSpec, ServiceStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../object.ts'

export type ServiceObject = KubeObject & { spec: ServiceSpec; status?: ServiceStatus }
