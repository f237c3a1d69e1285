// The Roles and bindings that every cluster begins with: cluster-admin, admin, edit, view, and what everybody may ask.

import type { AggregationRule, PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1.js'
import type { ObjectMeta } from '../object.ts'
import { AUTHENTICATED, MASTERS } from './user.ts'

// Models kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, of the kinds that this cluster serves.

const group = 'rbac.authorization.k8s.io'
const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' }

const look = ['get', 'list', 'watch']
const change = ['create', 'delete', 'deletecollection', 'patch', 'update']

const on = (apiGroup: string, verbs: readonly string[], resources: string): PolicyRule => ({
  apiGroups: [apiGroup],
  resources: resources.split(' '),
  verbs: [...verbs],
})
const paths = (list: string): PolicyRule => ({ nonResourceURLs: list.split(' '), verbs: ['get'] })

/** What projects own, by group: each as it is looked at, and as it is changed. */
const owned: readonly [apiGroup: string, seen: string, changed: string][] = [
  [
    '',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
    'configmaps endpoints events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services',
  ],
  [
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
  ],
  ['autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status', 'horizontalpodautoscalers'],
  ['batch', 'cronjobs cronjobs/status jobs jobs/status', 'cronjobs jobs'],
  ['networking.k8s.io', 'ingresses ingresses/status networkpolicies', 'ingresses networkpolicies'],
  ['policy', 'poddisruptionbudgets poddisruptionbudgets/status', 'poddisruptionbudgets'],
]

const viewing: PolicyRule[] = [
  ...owned.map(([apiGroup, seen]) => on(apiGroup, look, seen)),
  on(
    '',
    look,
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
  ),
  on('', look, 'namespaces'),
  on('discovery.k8s.io', look, 'endpointslices'),
]
const editing: PolicyRule[] = [
  on('', look, 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  on('', ['impersonate'], 'serviceaccounts'),
  on('', change, 'pods pods/attach pods/exec pods/portforward pods/proxy'),
  on('', ['create'], 'pods/eviction'),
  ...owned.map(([apiGroup, , changed]) => on(apiGroup, change, changed)),
  on('', ['create'], 'serviceaccounts/token'),
]
const administering: PolicyRule[] = [
  on('authorization.k8s.io', ['create'], 'localsubjectaccessreviews'),
  on(group, [...change, ...look], 'rolebindings roles'),
]

interface FirstRole {
  metadata: ObjectMeta
  rules: PolicyRule[]
  aggregationRule?: AggregationRule
}

interface FirstBinding {
  metadata: ObjectMeta
  roleRef: RoleRef
  subjects: Subject[]
}

const role = (name: string, rules: PolicyRule[], labels: Record<string, string> = {}): FirstRole => ({
  metadata: { name, labels: { ...bootstrapping, ...labels }, annotations } as Partial<ObjectMeta> as ObjectMeta,
  rules,
})

const aggregateTo = (name: string): string => `${group}/aggregate-to-${name}`

/** One of the three Roles for people: its rules are those of all ClusterRoles that say so by a label. */
const forPeople = (name: string, labels: Record<string, string> = {}): FirstRole => ({
  ...role(name, [], labels),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregateTo(name)]: 'true' } }] },
})

export const clusterRoles: readonly FirstRole[] = [
  role('cluster-admin', [on('*', ['*'], '*'), { nonResourceURLs: ['*'], verbs: ['*'] }]),
  role('system:discovery', [paths('/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/')]),
  role('system:public-info-viewer', [paths('/healthz /livez /readyz /version /version/')]),
  role('system:basic-user', [
    on('authorization.k8s.io', ['create'], 'selfsubjectaccessreviews selfsubjectrulesreviews'),
    on('authentication.k8s.io', ['create'], 'selfsubjectreviews'),
  ]),
  forPeople('admin'),
  forPeople('edit', { [aggregateTo('admin')]: 'true' }),
  forPeople('view', { [aggregateTo('edit')]: 'true' }),
  role('system:aggregate-to-admin', administering, { [aggregateTo('admin')]: 'true' }),
  role('system:aggregate-to-edit', editing, { [aggregateTo('edit')]: 'true' }),
  role('system:aggregate-to-view', viewing, { [aggregateTo('view')]: 'true' }),
  role('system:metrics-viewer', [on('metrics.k8s.io', look, 'nodes pods')], { [aggregateTo('view')]: 'true' }),
]

const binding = (name: string, ...groups: readonly string[]): FirstBinding => ({
  metadata: { name, labels: bootstrapping, annotations } as Partial<ObjectMeta> as ObjectMeta,
  roleRef: { apiGroup: group, kind: 'ClusterRole', name },
  subjects: groups.map(each => ({ apiGroup: group, kind: 'Group', name: each })),
})

export const clusterRoleBindings: readonly FirstBinding[] = [
  binding('cluster-admin', MASTERS),
  binding('system:discovery', AUTHENTICATED),
  binding('system:public-info-viewer', AUTHENTICATED, 'system:unauthenticated'),
  binding('system:basic-user', AUTHENTICATED),
]
