// Every place of the system that Setup writes to: a change of this file is a change of what people are told.

/** Root's own copy of the bundle, where nobody else can change a file between its check and its use. */
export const stageFolder = '/var/lib/kubernetes-hello-world/bundle'
export const stageParent = '/var/lib/kubernetes-hello-world'

/** Comes with the package, root's own: where it is, only a snap that it names is installed without a signature. */
export const packagedLock = '/usr/lib/kubernetes-hello-world/bundle.lock.json'

export const sysctlFile = '/etc/sysctl.d/99-kubernetes-hello-world.conf'

export const forwardUnit = 'kubernetes-hello-world-forward.service'
export const forwardUnitFile = `/etc/systemd/system/${forwardUnit}`

/** Bring a default route that leads nowhere, for a machine without any network. */
export const routeUnit = 'kubernetes-hello-world-route.service'
export const routeUnitFile = `/etc/systemd/system/${routeUnit}`
/** Calico passes over names such as dummy0 and veth0 when it looks for the machine's address. */
export const routeDevice = 'khw0'

/** Vanishes with the snap, unlike /etc/microk8s.yaml, which any later installation would read. */
export const launchFile = '/var/snap/microk8s/common/.microk8s.yaml'
/** Read by MicroK8s before ours: the first one found wins. */
export const foreignLaunchFiles = ['/etc/microk8s.yaml', '/root/snap/microk8s/common/.microk8s.yaml']

/** containerd in MicroK8s imports every `*.tar` here and then calls it `*.tar.loaded`. */
export const sideloadFolder = '/var/snap/microk8s/common/etc/sideload'

export const kubectlLink = '/usr/local/bin/kubectl'
/** The plain program: MicroK8s' wrapper of it demands its group and overrides KUBECONFIG. */
export const snapKubectl = '/snap/microk8s/current/kubectl'

export const microk8s = '/snap/bin/microk8s'
export const snap = '/usr/bin/snap'

/** Its members may use the microk8s command without sudo, and are as good as root. */
export const microk8sGroup = 'microk8s'

/** Pods and Services of a MicroK8s that nobody configured otherwise. */
export const podNetwork = '10.1.0.0/16'

/** MicroK8s adds these where ufw is active, and leaves them when it goes. */
export const foreignUfwRules = [
  ['allow', 'in', 'on', 'vxlan.calico'],
  ['allow', 'out', 'on', 'vxlan.calico'],
  ['allow', 'in', 'on', 'cali+'],
  ['allow', 'out', 'on', 'cali+'],
] as const
