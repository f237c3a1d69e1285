// Fields of k8s.io/api/authorization/v1, written by build/schema.ts; table.ts tells how to read them.

export const authorization = `
FieldSelectorAttributes rawSelector=1s requirements=2[]meta.FieldSelectorRequirement
LabelSelectorAttributes rawSelector=1s requirements=2[]meta.LabelSelectorRequirement
NonResourceAttributes path=1s verb=2s
NonResourceRule verbs=1[]s nonResourceURLs=2[]s
ResourceAttributes namespace=1s verb=2s group=3s version=4s resource=5s subresource=6s name=7s fieldSelector=8*FieldSelectorAttributes labelSelector=9*LabelSelectorAttributes
ResourceRule verbs=1[]s apiGroups=2[]s resources=3[]s resourceNames=4[]s
SelfSubjectAccessReview metadata=1meta.ObjectMeta spec=2SelfSubjectAccessReviewSpec status=3SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec resourceAttributes=1*ResourceAttributes nonResourceAttributes=2*NonResourceAttributes
SelfSubjectRulesReview metadata=1meta.ObjectMeta spec=2SelfSubjectRulesReviewSpec status=3SubjectRulesReviewStatus
SelfSubjectRulesReviewSpec namespace=1s
SubjectAccessReview metadata=1meta.ObjectMeta spec=2SubjectAccessReviewSpec status=3SubjectAccessReviewStatus
SubjectAccessReviewSpec resourceAttributes=1*ResourceAttributes nonResourceAttributes=2*NonResourceAttributes user=3s groups=4[]s extra=5{}Raw uid=6s
SubjectAccessReviewStatus allowed=1b denied=4b reason=2s evaluationError=3s
SubjectRulesReviewStatus resourceRules=1[]ResourceRule nonResourceRules=2[]NonResourceRule incomplete=3b evaluationError=4s
`
