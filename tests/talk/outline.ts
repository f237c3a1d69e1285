// The outline of the original talk, in its own order and words, and the slide on which each topic is told today.

export interface Topic {
  /** As the original has it, from the chapter down. */
  topic: string
  slide: string
  /** What the slide, or its notes, must name in every language. */
  words: readonly string[]
}

const chapter = (name: string, topics: readonly (readonly [topic: string, slide: string, ...words: string[]])[]): Topic[] =>
  topics.map(([topic, slide, ...words]) => ({ topic: `${name} / ${topic}`, slide, words }))

export const outline: readonly Topic[] = [
  { topic: 'kubernetes 简介 / kubernetes 架构', slide: 'architecture', words: ['API server'] },
  ...chapter('kubernetes Master', [
    ['Master 组件', 'control-plane', 'Master'],
    ['API 服务器', 'kube-apiserver', 'Kubernetes API'],
    ['etcd', 'etcd', 'etcd', 'API server'],
    ['kube-controller-manager', 'kube-controller-manager', 'namespace', 'Service', 'Pod'],
    ['kube-controller-manager / 节点、副本、端点、服务帐户和令牌控制器', 'kube-controller-manager', 'ReplicaSet'],
    ['cloud-controller-manager', 'cloud-controller-manager', 'LoadBalancer'],
    ['cloud-controller-manager / 节点、路由、服务、数据卷控制器', 'cloud-controller-manager', 'CSI'],
    ['kube-scheduler', 'kube-scheduler', 'nodeName'],
  ]),
  ...chapter('kubernetes Node', [
    ['Node 组件', 'node', 'kubelet', 'kube-proxy'],
    ['kubelet / 数据卷、secrets、容器、探测、镜像 Pod、节点状态', 'kubelet', 'Secret', 'CRI', 'Docker', 'rkt', 'API'],
    ['kube-proxy', 'kube-proxy', 'Service'],
    ['CRI', 'cri', 'Docker', 'containerd', 'CRI-O'],
    ['CNI', 'cni', 'Calico', 'Canal', 'Cilium', 'Flannel', 'kube-router', 'Weave'],
  ]),
  ...chapter('资源对象', [
    ['Pod', 'pod', 'PID', 'IPC', 'Network', 'UTS', 'namespace'],
    ['Label', 'label', 'key=value', 'selector'],
    ['Namespace', 'namespace', 'ResourceQuota'],
    ['ReplicationController', 'replicationcontroller', 'Deployment'],
    ['ReplicaSet', 'replicaset', 'ReplicationController', 'selector', 'Deployment'],
    ['Deployment', 'deployment', 'replicas'],
    ['Deployment / 回滚和滚动升级', 'rollout', 'rollout undo', 'maxSurge', 'maxUnavailable'],
    ['StatefulSet', 'statefulset', 'volumeClaimTemplates'],
    ['StatefulSet / 四个保证', 'statefulset-guarantees', 'PVC', 'Headless Service', 'N-1', 'init containers'],
    ['DaemonSet', 'daemonset', 'fluentd', 'logstash', 'Prometheus Node Exporter', 'collectd', 'New Relic agent'],
    ['DaemonSet / 监控和系统程序', 'daemonset', 'Ganglia gmond', 'kube-proxy', 'kube-dns', 'glusterd', 'ceph'],
    ['Service', 'service', 'cluster IP', 'DNS', 'kube-proxy'],
    ['Service / 四种类型', 'service-types', 'ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName', 'CNAME', 'kube-dns'],
    ['Endpoints', 'endpoints', 'Endpoints', 'EndpointSlice'],
    ['Job', 'job', 'completions'],
    ['CronJob', 'cronjob', 'crontab'],
    ['Horizontal Pod Autoscaler', 'hpa', 'CPU', 'Deployment', 'ReplicaSet'],
    ['PersistentVolume', 'persistentvolume', 'PersistentVolume'],
    ['PersistentVolume / 云上的存储', 'volume-plugins', 'GCEPersistentDisk', 'AWSElasticBlockStore', 'AzureFile', 'AzureDisk'],
    ['PersistentVolume / CSI、FC、Flexvolume、Flocker', 'volume-plugins', 'CSI', 'FC', 'Flexvolume', 'Flocker', 'NFS', 'iSCSI'],
    ['PersistentVolume / Ceph、Cinder、Glusterfs', 'volume-plugins', 'RBD', 'CephFS', 'Cinder', 'Glusterfs', 'VsphereVolume'],
    [
      'PersistentVolume / 其余',
      'volume-plugins',
      'Quobyte Volumes',
      'HostPath',
      'Portworx Volumes',
      'ScaleIO Volumes',
      'StorageOS',
    ],
    ['PersistentVolumeClaim', 'persistentvolumeclaim', 'PersistentVolumeClaim', 'PVC'],
    ['StorageClass', 'storageclass', 'StorageClass', 'PV', 'PVC'],
  ]),
  ...chapter('install microk8s', [
    ['单机版本 kubernetes', 'microk8s', 'MicroK8s'],
    ['安装、等待启动、dns 和 storage、配置、等 Running', 'install', 'DNS', 'kubectl', 'kubeconfig', 'khw setup apply'],
    ['开启转发', 'install-by-hand', 'net.ipv4.ip_forward=1', 'iptables -P FORWARD ACCEPT'],
    ['安装 microk8s，国内拉不到镜像', 'install-by-hand', '--channel=1.14/stable', '--dangerous', 'k8s.gcr.io'],
    ['microk8s.status，microk8s.enable', 'install-by-hand', 'microk8s.status', 'microk8s.enable dns storage'],
    ['配置和 alias', 'install-by-hand', '.kube/config', 'alias kubectl', 'kubectl get pod --all-namespaces'],
  ]),
  ...chapter('按照如下例子操作', [
    ['01-pod', 'lab-pod', '01', 'hostNetwork', 'ConfigMap'],
    ['02-deployment', 'lab-deployment', '02', 'Deployment'],
    ['03-service', 'lab-service', '03', 'NodePort', 'LoadBalancer'],
    ['04-statefulset', 'lab-statefulset', '04', 'redis-0', 'PVC'],
    ['99-final', 'lab-final', '99', '/count'],
  ]),
  { topic: 'Q&A', slide: 'questions', words: [] },
  { topic: '谢谢', slide: 'thanks', words: [] },
]

/** Names that a reader of older articles meets, each with today's name in the glossary. */
export const oldNames: readonly string[] = [
  'Master',
  'Docker',
  'rkt',
  'kube-dns',
  'k8s.gcr.io',
  'Weave',
  'ReplicationController',
  'apps/v1beta2',
  'Endpoints',
  'Ingress',
  'spec.externalIPs',
  'in-tree',
  'GCEPersistentDisk',
  'Flexvolume',
  'microk8s.enable storage',
  'microk8s.kubectl',
]

/** And today's names, which it gives for them. */
export const newNames: readonly string[] = [
  'control plane',
  'containerd',
  'CRI-O',
  'CoreDNS',
  'registry.k8s.io',
  'Deployment',
  'apps/v1',
  'EndpointSlice',
  'Gateway API',
  'CSI',
  'cloud-controller-manager',
  'hostpath-storage',
]
