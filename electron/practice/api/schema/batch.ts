// Fields of k8s.io/api/batch/v1, written by build/schema.ts; table.ts tells how to read them.

export const batch = `
CronJob metadata=1meta.ObjectMeta spec=2CronJobSpec status=3CronJobStatus
CronJobSpec schedule=1s timeZone=8*s startingDeadlineSeconds=2*l concurrencyPolicy=3s suspend=4*b jobTemplate=5JobTemplateSpec successfulJobsHistoryLimit=6*i failedJobsHistoryLimit=7*i
CronJobStatus active=1[]core.ObjectReference lastScheduleTime=4*Time lastSuccessfulTime=5*Time
Job metadata=1meta.ObjectMeta spec=2JobSpec status=3JobStatus
JobCondition type=1s status=2s lastProbeTime=3Time lastTransitionTime=4Time reason=5s message=6s
JobSpec parallelism=1*i completions=2*i activeDeadlineSeconds=3*l podFailurePolicy=11*PodFailurePolicy successPolicy=16*SuccessPolicy backoffLimit=7*i backoffLimitPerIndex=12*i maxFailedIndexes=13*i selector=4*meta.LabelSelector@ manualSelector=5*b template=6core.PodTemplateSpec ttlSecondsAfterFinished=8*i completionMode=9*s suspend=10*b podReplacementPolicy=14*s managedBy=15*s
JobStatus conditions=1[]JobCondition~type startTime=2*Time completionTime=3*Time active=4i succeeded=5i failed=6i terminating=11*i completedIndexes=7s failedIndexes=10*s uncountedTerminatedPods=8*UncountedTerminatedPods ready=9*i
JobTemplateSpec metadata=1meta.ObjectMeta spec=2JobSpec
PodFailurePolicy rules=1[]PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement containerName=1*s operator=2s values=3[]i#
PodFailurePolicyOnPodConditionsPattern type=1s status=2s
PodFailurePolicyRule action=1s onExitCodes=2*PodFailurePolicyOnExitCodesRequirement onPodConditions=3[]PodFailurePolicyOnPodConditionsPattern
SuccessPolicy rules=1[]SuccessPolicyRule
SuccessPolicyRule succeededIndexes=1*s succeededCount=2*i
UncountedTerminatedPods succeeded=1[]s# failed=2[]s#
`
