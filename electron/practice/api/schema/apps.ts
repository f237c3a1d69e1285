// Fields of k8s.io/api/apps/v1, written by build/schema.ts; table.ts tells how to read them.

export const apps = `
ControllerRevision metadata=1meta.ObjectMeta data=2Raw revision=3l
DaemonSet metadata=1meta.ObjectMeta spec=2DaemonSetSpec status=3DaemonSetStatus
DaemonSetCondition type=1s status=2s lastTransitionTime=3Time reason=4s message=5s
DaemonSetSpec selector=1*meta.LabelSelector@ template=2core.PodTemplateSpec updateStrategy=3DaemonSetUpdateStrategy minReadySeconds=4i revisionHistoryLimit=6*i
DaemonSetStatus currentNumberScheduled=1i numberMisscheduled=2i desiredNumberScheduled=3i numberReady=4i observedGeneration=5l updatedNumberScheduled=6i numberAvailable=7i numberUnavailable=8i collisionCount=9*i conditions=10[]DaemonSetCondition~type#type
DaemonSetUpdateStrategy type=1s rollingUpdate=2*RollingUpdateDaemonSet
Deployment metadata=1meta.ObjectMeta spec=2DeploymentSpec status=3DeploymentStatus
DeploymentCondition type=1s status=2s lastUpdateTime=6Time lastTransitionTime=7Time reason=4s message=5s
DeploymentSpec replicas=1*i selector=2*meta.LabelSelector@ template=3core.PodTemplateSpec strategy=4DeploymentStrategy! minReadySeconds=5i revisionHistoryLimit=6*i paused=7b progressDeadlineSeconds=9*i
DeploymentStatus observedGeneration=1l replicas=2i updatedReplicas=3i readyReplicas=7i availableReplicas=4i unavailableReplicas=5i terminatingReplicas=9*i conditions=6[]DeploymentCondition~type#type collisionCount=8*i
DeploymentStrategy type=1s rollingUpdate=2*RollingUpdateDeployment
ReplicaSet metadata=1meta.ObjectMeta spec=2ReplicaSetSpec status=3ReplicaSetStatus
ReplicaSetCondition type=1s status=2s lastTransitionTime=3Time reason=4s message=5s
ReplicaSetSpec replicas=1*i minReadySeconds=4i selector=2*meta.LabelSelector@ template=3core.PodTemplateSpec
ReplicaSetStatus replicas=1i fullyLabeledReplicas=2i readyReplicas=4i availableReplicas=5i terminatingReplicas=7*i observedGeneration=3l conditions=6[]ReplicaSetCondition~type#type
RollingUpdateDaemonSet maxUnavailable=1*IntOrString maxSurge=2*IntOrString
RollingUpdateDeployment maxUnavailable=1*IntOrString maxSurge=2*IntOrString
RollingUpdateStatefulSetStrategy partition=1*i maxUnavailable=2*IntOrString
StatefulSet metadata=1meta.ObjectMeta spec=2StatefulSetSpec status=3StatefulSetStatus
StatefulSetCondition type=1s status=2s lastTransitionTime=3Time reason=4s message=5s
StatefulSetOrdinals start=1i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted=1s whenScaled=2s
StatefulSetSpec replicas=1*i selector=2*meta.LabelSelector@ template=3core.PodTemplateSpec volumeClaimTemplates=4[]core.PersistentVolumeClaim serviceName=5s podManagementPolicy=6s updateStrategy=7StatefulSetUpdateStrategy revisionHistoryLimit=8*i minReadySeconds=9i persistentVolumeClaimRetentionPolicy=10*StatefulSetPersistentVolumeClaimRetentionPolicy ordinals=11*StatefulSetOrdinals
StatefulSetStatus observedGeneration=1l replicas=2i readyReplicas=3i currentReplicas=4i updatedReplicas=5i currentRevision=6s updateRevision=7s collisionCount=9*i conditions=10[]StatefulSetCondition~type#type availableReplicas=11i
StatefulSetUpdateStrategy type=1s rollingUpdate=2*RollingUpdateStatefulSetStrategy
`
