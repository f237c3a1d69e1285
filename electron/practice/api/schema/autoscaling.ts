// Fields of k8s.io/api/autoscaling/v1, written by build/schema.ts; table.ts tells how to read them.

export const autoscaling = `
CrossVersionObjectReference kind=1s name=2s apiVersion=3s
HorizontalPodAutoscaler metadata=1meta.ObjectMeta spec=2HorizontalPodAutoscalerSpec status=3HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerSpec scaleTargetRef=1CrossVersionObjectReference@ minReplicas=2*i maxReplicas=3i targetCPUUtilizationPercentage=4*i
HorizontalPodAutoscalerStatus observedGeneration=1*l lastScaleTime=2*Time currentReplicas=3i desiredReplicas=4i currentCPUUtilizationPercentage=5*i
Scale metadata=1meta.ObjectMeta spec=2ScaleSpec status=3ScaleStatus
ScaleSpec replicas=1i
ScaleStatus replicas=1i selector=2s
`
