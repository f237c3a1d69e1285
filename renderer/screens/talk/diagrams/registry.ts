// Every diagram by the name that slides know it by. A new one: its name and parts in `contract/diagrams.ts`, its file, one line here.

import type { DiagramId } from '../../../../electron/contract/diagrams.ts'
import { architecture } from './architecture.ts'
import { controlPlane } from './control-plane.ts'
import type { Diagram } from './diagram.ts'
import { kubectlApply } from './kubectl-apply.ts'
import { node } from './node.ts'

export const diagrams: Readonly<Record<DiagramId, Diagram>> = {
  architecture,
  'control-plane': controlPlane,
  node,
  'kubectl-apply': kubectlApply,
}
