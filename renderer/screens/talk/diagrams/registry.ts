// Every diagram by the name that slides know it by. A new one: its name and parts in `contract/diagrams.ts`, its file, one line here.

import type { DiagramId } from '../../../../electron/contract/diagrams.ts'
import { architecture } from './architecture.ts'
import { controlPlane } from './control-plane.ts'
import type { Diagram } from './diagram.ts'
import { kubectlApply } from './kubectl-apply.ts'
import { node } from './node.ts'
import { autoscaler } from './objects/autoscaler.ts'
import { daemonSet } from './objects/daemon-set.ts'
import { deployment } from './objects/deployment.ts'
import { ingress } from './objects/ingress.ts'
import { job } from './objects/job.ts'
import { pod } from './objects/pod.ts'
import { service } from './objects/service.ts'
import { statefulSet } from './objects/stateful-set.ts'
import { storage } from './objects/storage.ts'

export const diagrams: Readonly<Record<DiagramId, Diagram>> = {
  architecture,
  'control-plane': controlPlane,
  node,
  'kubectl-apply': kubectlApply,
  pod,
  deployment,
  service,
  statefulset: statefulSet,
  storage,
  daemonset: daemonSet,
  job,
  hpa: autoscaler,
  ingress,
}
