// Defaults of a Pod's spec, for bare Pods and for templates alike.

import type { Container, PodSpec, Probe, Volume } from 'kubernetes-types/core/v1.js'

// Models kubernetes/pkg/apis/core/v1/defaults.go.

const isLatest = (image: string): boolean => {
  if (image.includes('@')) return false
  const tag = /:([^/:]+)$/.exec(image)?.[1]
  return tag === undefined || tag === 'latest'
}

const defaultProbe = (probe: Probe | undefined) => {
  if (!probe) return
  probe.timeoutSeconds ||= 1
  probe.periodSeconds ||= 10
  probe.successThreshold ||= 1
  probe.failureThreshold ||= 3
  if (probe.httpGet) {
    probe.httpGet.path ||= '/'
    probe.httpGet.scheme ||= 'HTTP'
  }
  if (probe.grpc) probe.grpc.service ??= ''
}

const defaultContainer = (container: Container, hostNetwork: boolean) => {
  for (const port of container.ports ?? []) {
    port.protocol ||= 'TCP'
    if (hostNetwork) port.hostPort ||= port.containerPort
  }
  for (const variable of container.env ?? []) {
    if (variable.valueFrom?.fieldRef) variable.valueFrom.fieldRef.apiVersion ||= 'v1'
  }
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) defaultProbe(probe)
  for (const hook of [container.lifecycle?.postStart, container.lifecycle?.preStop]) {
    if (!hook?.httpGet) continue
    hook.httpGet.path ||= '/'
    hook.httpGet.scheme ||= 'HTTP'
  }
  container.resources ??= {}
  container.terminationMessagePath ||= '/dev/termination-log'
  container.terminationMessagePolicy ||= 'File'
  container.imagePullPolicy ||= isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent'
}

// 0644, as files of mounted volumes are.
const fileMode = 420

const defaultVolume = (volume: Volume) => {
  if (volume.configMap) volume.configMap.defaultMode ??= fileMode
  if (volume.secret) volume.secret.defaultMode ??= fileMode
  if (volume.hostPath) volume.hostPath.type ??= ''
  const fields = [...(volume.downwardAPI?.items ?? [])]
  if (volume.downwardAPI) volume.downwardAPI.defaultMode ??= fileMode
  if (volume.projected) {
    volume.projected.defaultMode ??= fileMode
    for (const { downwardAPI, serviceAccountToken } of volume.projected.sources ?? []) {
      fields.push(...(downwardAPI?.items ?? []))
      if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600
    }
  }
  for (const { fieldRef } of fields) if (fieldRef) fieldRef.apiVersion ||= 'v1'
  if (Object.keys(volume).length === 1) volume.emptyDir = {}
}

/** Fills a Pod's spec in place. */
export const defaultPodSpec = (spec: PodSpec): void => {
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]) {
    defaultContainer(container, spec.hostNetwork === true)
  }
  for (const volume of spec.volumes ?? []) defaultVolume(volume)
  spec.restartPolicy ||= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ||= 'ClusterFirst'
  spec.securityContext ??= {}
  spec.schedulerName ||= 'default-scheduler'
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName
  else if (spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount
}
