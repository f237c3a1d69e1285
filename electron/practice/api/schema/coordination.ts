// Fields of k8s.io/api/coordination/v1, written by build/schema.ts; table.ts tells how to read them.

export const coordination = `
Lease metadata=1meta.ObjectMeta spec=2LeaseSpec
LeaseSpec holderIdentity=1*s leaseDurationSeconds=2*i acquireTime=3*MicroTime renewTime=4*MicroTime leaseTransitions=5*i strategy=6*s preferredHolder=7*s
`
