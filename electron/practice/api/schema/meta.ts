// Fields of k8s.io/apimachinery/pkg/apis/meta/v1, written by build/schema.ts; table.ts tells how to read them.

export const meta = `
Condition type=1s status=2s observedGeneration=3l lastTransitionTime=4Time reason=5s message=6s
DeleteOptions gracePeriodSeconds=1*l preconditions=2*Preconditions orphanDependents=3*b propagationPolicy=4*s dryRun=5[]s ignoreStoreReadErrorWithClusterBreakingPotential=6*b
FieldSelectorRequirement key=1s operator=2s values=3[]s
LabelSelector matchLabels=1{}s matchExpressions=2[]LabelSelectorRequirement
LabelSelectorRequirement key=1s operator=2s values=3[]s
ListMeta selfLink=1s resourceVersion=2s continue=3s remainingItemCount=4*l shardInfo=5*ShardInfo
ManagedFieldsEntry manager=1s operation=2s apiVersion=3s time=4*Time fieldsType=6s fieldsV1=7*Raw subresource=8s
ObjectMeta name=1s generateName=2s namespace=3s selfLink=4s uid=5s resourceVersion=6s generation=7l creationTimestamp=8Time deletionTimestamp=9*Time deletionGracePeriodSeconds=10*l labels=11{}s annotations=12{}s ownerReferences=13[]OwnerReference~uid#uid finalizers=14[]s~# managedFields=17[]ManagedFieldsEntry
OwnerReference apiVersion=5s kind=1s name=3s uid=4s controller=6*b blockOwnerDeletion=7*b
Preconditions uid=1*s resourceVersion=2*s
ShardInfo selector=1s
Status metadata=1ListMeta status=2s message=3s reason=4s details=5*StatusDetails code=6i
StatusCause reason=1s message=2s field=3s
StatusDetails name=1s group=2s kind=3s uid=6s causes=4[]StatusCause retryAfterSeconds=5i
`
