// Fields of k8s.io/api/scheduling/v1, written by build/schema.ts; table.ts tells how to read them.

export const scheduling = `
PriorityClass metadata=1meta.ObjectMeta value=2i globalDefault=3b description=4s preemptionPolicy=5*s
`
