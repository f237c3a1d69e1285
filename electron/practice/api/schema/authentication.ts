// Fields of k8s.io/api/authentication/v1, written by build/schema.ts; table.ts tells how to read them.

export const authentication = `
BoundObjectReference kind=1s apiVersion=2s name=3s uid=4s
SelfSubjectReview metadata=1meta.ObjectMeta status=2SelfSubjectReviewStatus
SelfSubjectReviewStatus userInfo=1UserInfo
TokenRequest metadata=1meta.ObjectMeta spec=2TokenRequestSpec status=3TokenRequestStatus
TokenRequestSpec audiences=1[]s expirationSeconds=4*l boundObjectRef=3*BoundObjectReference
TokenRequestStatus token=1s expirationTimestamp=2Time
UserInfo username=1s uid=2s groups=3[]s extra=4{}Raw
`
