// Other Kubernetes on the machine, what they left behind, and a MicroK8s that is there already.

import * as z from 'zod/mini'
import type { Machine } from '../machine.ts'
import { isOld, renewalOf, wayUp } from '../renewal.ts'
import type { Facts } from '../step.ts'
import { type Aim, block, type Check, type Found, pass, warn } from './check.ts'

/** Files that only an installed one has. kind and minikube live in Docker or a virtual machine and are in nobody's way. */
const signs: readonly { name: string; paths: readonly string[] }[] = [
  { name: 'k3s', paths: ['/etc/rancher/k3s', '/usr/local/bin/k3s', '/etc/systemd/system/k3s.service'] },
  { name: 'RKE2', paths: ['/etc/rancher/rke2', '/usr/local/bin/rke2'] },
  {
    name: 'kubeadm',
    paths: ['/etc/kubernetes/admin.conf', '/etc/kubernetes/manifests/kube-apiserver.yaml', '/etc/kubernetes/kubelet.conf'],
  },
  { name: 'k0s', paths: ['/etc/systemd/system/k0scontroller.service', '/var/lib/k0s'] },
]

const isThere = async (machine: Machine, paths: readonly string[]): Promise<string | undefined> => {
  const found = await Promise.all(paths.map(machine.info))
  return paths[found.findIndex(Boolean)]
}

export const otherKubernetes: Check = {
  id: 'other-kubernetes',
  look: async machine => {
    for (const { name, paths } of signs) {
      const path = await isThere(machine, paths)
      if (path !== undefined) return block({ name, path })
    }
    // Canonical's other Kubernetes, under the same ports.
    return (await machine.snapd('/v2/snaps/k8s')).status === 200 ? block({ name: 'k8s', path: '/snap/k8s' }) : pass()
  },
}

/** MicroK8s makes links of these names, and does not where a real folder is in the way. */
const remains = ['/var/lib/kubelet', '/var/lib/calico', '/etc/cni/net.d', '/opt/cni/bin']

export const residue: Check = {
  id: 'residue',
  look: async machine => {
    const found = await Promise.all(
      remains.map(async path => {
        const info = await machine.info(path)
        // Packages of containerd make empty ones.
        return info?.kind === 'folder' && (await machine.list(path)).length > 0 ? [path] : []
      }),
    )
    const [path] = found.flat()
    return path === undefined ? pass() : warn({ path, paths: found.flat().join(', ') }, 'yours')
  },
}

const snapInfo = z.looseObject({
  version: z.string(),
  revision: z.string(),
  status: z.string(),
  confinement: z.string(),
  'tracking-channel': z.optional(z.string()),
  apps: z.optional(z.array(z.looseObject({ name: z.string(), active: z.optional(z.boolean()) }))),
})

/** What is to be done about one that is too old: Setup renews it where the bundle allows that, and else the words say how. */
const old = ({ version, status }: z.infer<typeof snapInfo>, facts: Facts, { offered, choices }: Aim): Found => {
  const renewal = offered === undefined || status !== 'active' ? undefined : renewalOf(version, offered)
  if (offered !== undefined && renewal?.state === 'fits') {
    const isAsked = choices?.has('renew') === true
    const words = { ...facts, offered, context: isAsked ? 'renewing' : 'renewable' }
    return { ...warn(words, isAsked ? 'ours' : 'yours'), choice: 'renew' }
  }
  if (offered !== undefined && renewal?.state === 'too-far')
    return warn({ ...facts, offered, channels: renewal.channels, context: 'far' }, 'yours')
  return warn({ ...facts, channels: wayUp(version), context: 'old' }, 'yours')
}

export const microk8s: Check = {
  id: 'microk8s',
  look: async (machine, aim) => {
    const { status, result } = await machine.snapd('/v2/snaps/microk8s')
    const snap = snapInfo.safeParse(result)
    if (status !== 200 || !snap.success) return pass({ context: 'none' })
    const { version, revision, confinement, apps = [] } = snap.data
    const channel = snap.data['tracking-channel'] ?? '–'
    const isRunning = apps.some(({ name, active }) => name === 'daemon-kubelite' && active)
    const facts = { version, revision, channel, context: isRunning ? 'running' : 'stopped' }
    if (confinement === 'strict') return block({ ...facts, context: 'strict' })
    return isOld(version) ? old(snap.data, facts, aim) : pass(facts)
  },
}
