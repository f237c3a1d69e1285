// The cluster as its own commands see it: through kubectl and the admin's kubeconfig.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Applied, common, data, manifests, places, readJson, snap, writeJson } from './place.ts'

export interface Answer {
  code: number
  stdout: string
  stderr: string
}

export const kubectl = (...args: string[]): Promise<Answer> =>
  new Promise(done => {
    execFile(
      join(snap, 'kubectl'),
      [`--kubeconfig=${places.clientConfig}`, `--cache-dir=${join(data, 'var/kube-cache')}`, ...args],
      (error, stdout, stderr) => done({ code: error ? 1 : 0, stdout, stderr }),
    )
  })

/** As the real one decides: a Service named kubernetes, and a node that is Ready. */
export const isReady = async (): Promise<boolean> =>
  existsSync(places.up) &&
  (await kubectl('get', 'all', '-A')).stdout.includes('service/kubernetes') &&
  / Ready /.test((await kubectl('get', 'nodes')).stdout)

export const addons = [
  { name: 'dns', description: 'CoreDNS', version: '1.13.1', sign: 'pod/coredns' },
  {
    name: 'ha-cluster',
    description: 'Configure high availability on the current node',
    version: '1.0.0',
    sign: 'service/kubernetes',
  },
  {
    name: 'hostpath-storage',
    description: 'Storage class; allocates storage from host directory',
    version: '1.5.0',
    sign: 'deployment.apps/hostpath-provisioner',
  },
  {
    name: 'storage',
    description: 'Alias to hostpath-storage add-on, deprecated',
    version: '1.0.0',
    sign: 'deployment.apps/hostpath-provisioner',
  },
] as const

/** Name to whether it is on, told by what is in the cluster. */
export const addonStates = async (): Promise<Map<string, boolean>> => {
  const { stdout } = await kubectl('get', 'all', '-A')
  return new Map(addons.map(addon => [addon.name, stdout.includes(addon.sign)]))
}

/** Where the manifest of an addon is at run time: a copy beside the snap, which people may change. */
export const manifestOf = (name: Applied): string =>
  name === 'calico' ? join(places.args, 'cni-network/cni.yaml') : join(common, manifests[name])

export const apply = async (name: Applied): Promise<Answer> => {
  const answer = await kubectl('apply', '-f', manifestOf(name))
  if (answer.code === 0) writeJson(places.applied, [...new Set([...readJson<Applied[]>(places.applied, []), name])])
  return answer
}
