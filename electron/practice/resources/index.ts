// Every kind the practice cluster serves, in discovery order: a new kind is a file and a line.

import type { Resource } from '../resource.ts'
import { configMap } from './config-map.ts'
import { controllerRevision } from './controller-revision.ts'
import { deployment } from './deployment.ts'
import { endpointSlice } from './endpoint-slice.ts'
import { endpoints } from './endpoints.ts'
import { event } from './event.ts'
import { lease } from './lease.ts'
import { namespace } from './namespace.ts'
import { node } from './node.ts'
import { persistentVolume } from './persistent-volume.ts'
import { persistentVolumeClaim } from './persistent-volume-claim.ts'
import { pod } from './pod.ts'
import { replicaSet } from './replica-set.ts'
import { secret } from './secret.ts'
import { service } from './service.ts'
import { serviceAccount } from './service-account.ts'
import { statefulSet } from './stateful-set.ts'
import { storageClass } from './storage-class.ts'

export const resources: Resource[] = [
  configMap,
  endpoints,
  event,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  secret,
  serviceAccount,
  service,
  controllerRevision,
  deployment,
  replicaSet,
  statefulSet,
  storageClass,
  lease,
  endpointSlice,
]
