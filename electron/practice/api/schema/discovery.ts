// Fields of k8s.io/api/discovery/v1, written by build/schema.ts; table.ts tells how to read them.

export const discovery = `
Endpoint addresses=1[]s# conditions=2EndpointConditions hostname=3*s targetRef=4*core.ObjectReference@ deprecatedTopology=5{}s nodeName=6*s zone=7*s hints=8*EndpointHints
EndpointConditions ready=1*b serving=2*b terminating=3*b
EndpointHints forZones=1[]ForZone forNodes=2[]ForNode
EndpointPort name=1*s protocol=2*s port=3*i appProtocol=4*s
EndpointSlice metadata=1meta.ObjectMeta addressType=4s endpoints=2[]Endpoint ports=3[]EndpointPort
ForNode name=1s
ForZone name=1s
`
