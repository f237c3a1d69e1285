// Fields of k8s.io/api/events/v1, written by build/schema.ts; table.ts tells how to read them.

export const events = `
Event metadata=1meta.ObjectMeta eventTime=2MicroTime series=3*EventSeries reportingController=4s reportingInstance=5s action=6s reason=7s regarding=8core.ObjectReference@ related=9*core.ObjectReference@ note=10s type=11s deprecatedSource=12core.EventSource deprecatedFirstTimestamp=13Time deprecatedLastTimestamp=14Time deprecatedCount=15i
EventSeries count=1i lastObservedTime=2MicroTime
`
