// Fields of k8s.io/api/autoscaling/v2, written by build/schema.ts; table.ts tells how to read them.

export const autoscaling2 = `
ContainerResourceMetricSource name=1s target=2MetricTarget container=3s
ContainerResourceMetricStatus name=1s current=2MetricValueStatus container=3s
CrossVersionObjectReference kind=1s name=2s apiVersion=3s
ExternalMetricSource metric=1MetricIdentifier target=2MetricTarget
ExternalMetricStatus metric=1MetricIdentifier current=2MetricValueStatus
HPAScalingPolicy type=1s value=2i periodSeconds=3i
HPAScalingRules stabilizationWindowSeconds=3*i selectPolicy=1*s policies=2[]HPAScalingPolicy tolerance=4*Quantity
HorizontalPodAutoscaler metadata=1meta.ObjectMeta spec=2HorizontalPodAutoscalerSpec status=3HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerBehavior scaleUp=1*HPAScalingRules scaleDown=2*HPAScalingRules
HorizontalPodAutoscalerCondition type=1s status=2s lastTransitionTime=3Time reason=4s message=5s
HorizontalPodAutoscalerSpec scaleTargetRef=1CrossVersionObjectReference minReplicas=2*i maxReplicas=3i metrics=4[]MetricSpec behavior=5*HorizontalPodAutoscalerBehavior
HorizontalPodAutoscalerStatus observedGeneration=1*l lastScaleTime=2*Time currentReplicas=3i desiredReplicas=4i currentMetrics=5[]MetricStatus conditions=6[]HorizontalPodAutoscalerCondition~type#type
MetricIdentifier name=1s selector=2*meta.LabelSelector@
MetricSpec type=1s object=2*ObjectMetricSource pods=3*PodsMetricSource resource=4*ResourceMetricSource containerResource=7*ContainerResourceMetricSource external=5*ExternalMetricSource
MetricStatus type=1s object=2*ObjectMetricStatus pods=3*PodsMetricStatus resource=4*ResourceMetricStatus containerResource=7*ContainerResourceMetricStatus external=5*ExternalMetricStatus
MetricTarget type=1s value=2*Quantity averageValue=3*Quantity averageUtilization=4*i
MetricValueStatus value=1*Quantity averageValue=2*Quantity averageUtilization=3*i
ObjectMetricSource describedObject=1CrossVersionObjectReference target=2MetricTarget metric=3MetricIdentifier
ObjectMetricStatus metric=1MetricIdentifier current=2MetricValueStatus describedObject=3CrossVersionObjectReference
PodsMetricSource metric=1MetricIdentifier target=2MetricTarget
PodsMetricStatus metric=1MetricIdentifier current=2MetricValueStatus
ResourceMetricSource name=1s target=2MetricTarget
ResourceMetricStatus name=1s current=2MetricValueStatus
`
