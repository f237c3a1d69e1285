// Fields of k8s.io/api/rbac/v1, written by build/schema.ts; table.ts tells how to read them.

export const rbac = `
AggregationRule clusterRoleSelectors=1[]meta.LabelSelector
ClusterRole metadata=1meta.ObjectMeta rules=2[]PolicyRule aggregationRule=3*AggregationRule
ClusterRoleBinding metadata=1meta.ObjectMeta subjects=2[]Subject roleRef=3RoleRef@
PolicyRule verbs=1[]s apiGroups=2[]s resources=3[]s resourceNames=4[]s nonResourceURLs=5[]s
Role metadata=1meta.ObjectMeta rules=2[]PolicyRule
RoleBinding metadata=1meta.ObjectMeta subjects=2[]Subject roleRef=3RoleRef@
RoleRef apiGroup=1s kind=2s name=3s
Subject kind=1s apiGroup=2s name=3s namespace=4s
`
