// Nodes.

import type { NodeSpec, NodeStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, none } from './columns.ts'

export type NodeObject = KubeObject & { spec: NodeSpec; status?: NodeStatus }

// Models kubernetes/pkg/printers/internalversion/printers.go, printNode.
const state = ({ spec, status }: NodeObject): string => {
  const ready = status?.conditions?.find(each => each.type === 'Ready')?.status
  const word = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady'
  return spec.unschedulable ? `${word},SchedulingDisabled` : word
}

const rolePrefix = 'node-role.kubernetes.io/'

const roles = ({ metadata }: NodeObject): string =>
  Object.entries(metadata.labels ?? {})
    .flatMap(([key, value]) => {
      if (key.startsWith(rolePrefix)) return key.slice(rolePrefix.length)
      return key === 'kubernetes.io/role' ? value : []
    })
    .filter(Boolean)
    .sort()
    .join(',') || none

const address = (node: NodeObject, type: string): string =>
  node.status?.addresses?.find(each => each.type === type)?.address ?? none

export const node: Resource<NodeObject> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', description: 'Whether the node can run Pods.', cell: state },
    { name: 'Roles', type: 'string', description: 'What the node is for.', cell: roles },
    ageColumn,
    {
      name: 'Version',
      type: 'string',
      description: "The kubelet's version.",
      cell: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '',
    },
    {
      name: 'Internal-IP',
      type: 'string',
      description: 'Its address inside the cluster.',
      wide: true,
      cell: object => address(object, 'InternalIP'),
    },
    {
      name: 'External-IP',
      type: 'string',
      description: 'Its address outside the cluster.',
      wide: true,
      cell: object => address(object, 'ExternalIP'),
    },
    {
      name: 'OS-Image',
      type: 'string',
      description: 'Its operating system.',
      wide: true,
      cell: ({ status }) => status?.nodeInfo?.osImage ?? '<unknown>',
    },
    {
      name: 'Kernel-Version',
      type: 'string',
      description: "Its kernel's version.",
      wide: true,
      cell: ({ status }) =>
        status?.nodeInfo ? `${status.nodeInfo.kernelVersion} (${status.nodeInfo.architecture})` : '<unknown>',
    },
    {
      name: 'Container-Runtime',
      type: 'string',
      description: 'What runs its containers.',
      wide: true,
      cell: ({ status }) => status?.nodeInfo?.containerRuntimeVersion ?? '<unknown>',
    },
  ],
  defaults(object) {
    object.spec ??= {}
    object.status ??= {}
    return object
  },
  validate: () => [],
  fields: ({ spec }) => ({ 'spec.unschedulable': String(spec.unschedulable ?? false) }),
}
