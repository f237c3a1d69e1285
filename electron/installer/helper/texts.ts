// The files that the helper writes, word for word.

import { podNetwork, routeDevice } from '../places.ts'

const comment = 'kubernetes-hello-world'

export const sysctlText = `# Written by Kubernetes Hello World: Pods reach other machines only where this one forwards packets.
# "khw setup undo" takes it away again.
net.ipv4.ip_forward = 1
`

const rules = ['-s', '-d'].map(side => `FORWARD ${side} ${podNetwork} -m comment --comment ${comment} -j ACCEPT`)
const insert = (rule: string): string => `/usr/sbin/iptables -w -I ${rule.replace('FORWARD', 'FORWARD 1')}`

/** Only Pods' own packets pass, before any rule that drops; the policy and the other rules stay as they are. */
export const forwardUnitText = `# Written by Kubernetes Hello World: lets the packets of Pods pass before rules that would drop them.
# "khw setup undo" takes it away again.
[Unit]
Description=Let packets of Kubernetes Pods pass
After=network-pre.target ufw.service docker.service firewalld.service netfilter-persistent.service

[Service]
Type=oneshot
RemainAfterExit=yes
${rules.map(rule => `ExecStart=${insert(rule)}`).join('\n')}
${rules.map(rule => `ExecStop=-/usr/sbin/iptables -w -D ${rule}`).join('\n')}

[Install]
WantedBy=multi-user.target
`

/** Set apart for examples by RFC 5737: no network anywhere uses it, so it hides none. */
const routeAddress = '198.51.100.1/32'
const peer = routeDevice.replace('0', '1')
const ip = '/usr/sbin/ip'

/** A pair of devices, so that the first is up; every real route has a lower metric and goes before this one. */
export const routeUnitText = `# Written by Kubernetes Hello World: without a default route the API server does not find its own address.
# "khw setup undo" takes it away again.
[Unit]
Description=A default route that leads nowhere, for Kubernetes without a network
DefaultDependencies=no
After=systemd-sysctl.service systemd-modules-load.service
Before=network-pre.target shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=-${ip} link add ${routeDevice} type veth peer name ${peer}
ExecStart=${ip} address replace ${routeAddress} dev ${routeDevice}
ExecStart=${ip} link set ${peer} up
ExecStart=${ip} link set ${routeDevice} up
ExecStart=${ip} route replace default dev ${routeDevice} metric 20000
ExecStop=-${ip} link delete ${routeDevice}

[Install]
WantedBy=sysinit.target
`

/** A configuration of one's own replaces MicroK8s' default whole, so dns and both kubelet arguments stand here too. */
export const launchText = (nftables: boolean): string => `# Written by Kubernetes Hello World.
version: 0.2.0
extraKubeletArgs:
  --cluster-domain: cluster.local
  --cluster-dns: 10.152.183.10
${nftables ? 'extraKubeProxyArgs:\n  --proxy-mode: nftables\n' : ''}addons:
  - name: dns
  - name: hostpath-storage
`
