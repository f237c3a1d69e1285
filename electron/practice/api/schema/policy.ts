// Fields of k8s.io/api/policy/v1, written by build/schema.ts; table.ts tells how to read them.

export const policy = `
Eviction metadata=1meta.ObjectMeta deleteOptions=2*meta.DeleteOptions
PodDisruptionBudget metadata=1meta.ObjectMeta spec=2PodDisruptionBudgetSpec status=3PodDisruptionBudgetStatus
PodDisruptionBudgetSpec minAvailable=1*IntOrString selector=2*meta.LabelSelector@ maxUnavailable=3*IntOrString unhealthyPodEvictionPolicy=4*s
PodDisruptionBudgetStatus observedGeneration=1l disruptedPods=2{}Time disruptionsAllowed=3i currentHealthy=4i desiredHealthy=5i expectedPods=6i conditions=7[]meta.Condition~type#type
`
