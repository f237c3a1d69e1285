// Finds a Pod's containers for exec, attach, logs and port-forward, or says why not in the kubelet's words.

import type { Pod } from '../controllers/kinds.ts'
import type { Network } from '../network/network.ts'
import { badRequest, notFound, StatusError } from '../status-error.ts'
import type { Store } from '../store.ts'
import type { PodAccess } from './access.ts'
import type { PodWorker } from './pod-worker.ts'

// Models kubernetes/pkg/registry/core/pod/strategy.go streamLocation and pkg/kubelet/kubelet_pods.go GetKubeletContainerLogs
export interface AccessOptions {
  store: Store
  network: Network
  workerOf(uid: string): PodWorker | undefined
}

const chosenContainer = ({ metadata: { name }, spec }: Pod, asked: string | undefined): string => {
  const all = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])]
  if (asked) {
    if (!all.some(container => container.name === asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`)
    return asked
  }
  const [first, ...others] = spec.containers
  if (first && others.length === 0) return first.name
  const inits = (spec.initContainers ?? []).map(container => container.name)
  const init = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : ''
  const names = spec.containers.map(container => container.name).join(' ')
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names}]${init}`)
}

export const createPodAccess = ({ store, network, workerOf }: AccessOptions): PodAccess => {
  const find = (namespace: string, name: string): Pod => {
    const pod = store.get('pods', namespace, name) as Pod | undefined
    if (!pod) throw notFound('pods', name)
    return pod
  }

  return {
    container(namespace, name, asked, previous = false, use = 'exec') {
      const pod = find(namespace, name)
      const chosen = chosenContainer(pod, asked)
      if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`)
      const life = workerOf(pod.metadata.uid)?.lives.find(({ container }) => container.name === chosen)
      if (previous) {
        // After its end a container that waits to be started again is the previous one.
        const ended = life?.facts.state?.waiting ? life.current : life?.previous
        if (!ended) throw badRequest(`previous terminated container "${chosen}" in pod "${name}" not found`)
        return ended
      }
      if (life?.current && (use === 'logs' || life.isRunning)) return life.current
      if (use === 'exec')
        throw new StatusError(500, 'InternalError', `unable to upgrade connection: container not found ("${chosen}")`)
      const waiting = life?.facts.state?.waiting
      const isInit = pod.spec.initContainers?.length
      const why = waiting?.reason ?? (isInit ? 'PodInitializing' : 'ContainerCreating')
      const state = /Err|BackOff|Invalid/.test(why)
        ? `is waiting to start: ${pullReason(why, waiting?.message)}`
        : `is waiting to start: ${why}`
      throw badRequest(`container "${chosen}" in pod "${name}" ${state}`)
    },

    async dial(namespace, name, port) {
      const pod = find(namespace, name)
      const worker = workerOf(pod.metadata.uid)
      if (!worker?.ip || !worker.lives.some(life => life.isRunning)) {
        throw badRequest(`pod is not running. Current status=${pod.status?.phase ?? 'Pending'}`)
      }
      return network.dial({ ip: worker.ip, namespace }, worker.ip, port)
    },
  }
}

/** Models kubernetes/pkg/kubelet/kubelet_pods.go validateContainerLogStatus. */
const pullReason = (reason: string, message = ''): string => {
  if (reason === 'ErrImagePull') return "image can't be pulled"
  if (reason === 'ImagePullBackOff') return 'trying and failing to pull image'
  return reason === 'CreateContainerConfigError' ? reason : message || reason
}
