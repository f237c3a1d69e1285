// The talk's diagrams by name, each with the parts that can be pointed at: a slide's `diagram` and `focus`. No I/O.

/** A part's words stand in `talk.json` under its name. */
export const diagramParts = {
  architecture: [
    'kubectl',
    'etcd',
    'kube-controller-manager',
    'kube-scheduler',
    'kube-apiserver',
    'kubelet',
    'kube-proxy',
    'ingress-controller',
    'containerd',
    'cni',
    'storage',
  ],
  'control-plane': [
    'client-api',
    'client-ui',
    'kubectl',
    'kube-apiserver',
    'kube-scheduler',
    'kube-controller-manager',
    'cloud-controller-manager',
    'etcd',
    'deployment-controller',
    'replicaset-controller',
    'statefulset-controller',
    'daemonset-controller',
    'job-controller',
    'endpointslice-controller',
    'node-controller',
    'namespace-controller',
    'serviceaccount-controller',
    'resourcequota-controller',
    'route-controller',
    'service-controller',
    'cloud-node-controller',
  ],
  node: ['kube-apiserver', 'pods', 'dns', 'ui', 'fluentd', 'cni', 'kubelet', 'kube-proxy', 'containerd', 'supervisor'],
  'kubectl-apply': [
    'kubectl',
    'deployment-controller',
    'replicaset-controller',
    'kube-scheduler',
    'endpointslice-controller',
    'kube-apiserver',
    'etcd',
    'kubelet',
    'kube-proxy',
  ],
} as const

export type DiagramId = keyof typeof diagramParts

export const diagramIds = Object.keys(diagramParts) as [DiagramId, ...DiagramId[]]
