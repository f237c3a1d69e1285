// Fields of k8s.io/api/networking/v1, written by build/schema.ts; table.ts tells how to read them.

export const networking = `
HTTPIngressPath path=1s pathType=3*s backend=2IngressBackend
HTTPIngressRuleValue paths=1[]HTTPIngressPath
IPBlock cidr=1s except=2[]s
Ingress metadata=1meta.ObjectMeta spec=2IngressSpec status=3IngressStatus
IngressBackend service=4*IngressServiceBackend resource=3*core.TypedLocalObjectReference@
IngressClass metadata=1meta.ObjectMeta spec=2IngressClassSpec
IngressClassParametersReference apiGroup=1*s kind=2s name=3s scope=4*s namespace=5*s
IngressClassSpec controller=1s parameters=2*IngressClassParametersReference
IngressLoadBalancerIngress ip=1s hostname=2s ports=4[]IngressPortStatus
IngressLoadBalancerStatus ingress=1[]IngressLoadBalancerIngress
IngressPortStatus port=1i protocol=2s error=3*s
IngressRule host=1s =2IngressRuleValue
IngressRuleValue http=1*HTTPIngressRuleValue
IngressServiceBackend name=1s port=2ServiceBackendPort@
IngressSpec ingressClassName=4*s defaultBackend=1*IngressBackend tls=2[]IngressTLS rules=3[]IngressRule
IngressStatus loadBalancer=1IngressLoadBalancerStatus
IngressTLS hosts=1[]s secretName=2s
NetworkPolicy metadata=1meta.ObjectMeta spec=2NetworkPolicySpec
NetworkPolicyEgressRule ports=1[]NetworkPolicyPort to=2[]NetworkPolicyPeer
NetworkPolicyIngressRule ports=1[]NetworkPolicyPort from=2[]NetworkPolicyPeer
NetworkPolicyPeer podSelector=1*meta.LabelSelector@ namespaceSelector=2*meta.LabelSelector@ ipBlock=3*IPBlock
NetworkPolicyPort protocol=1*s port=2*IntOrString endPort=3*i
NetworkPolicySpec podSelector=1meta.LabelSelector@ ingress=2[]NetworkPolicyIngressRule egress=3[]NetworkPolicyEgressRule policyTypes=4[]s
ServiceBackendPort name=1s number=2i
`
