// What can be wrong with a Pod's spec, for bare Pods and for templates alike.

import type { Container, ContainerPort, PodSpec, Probe, VolumeMount } from 'kubernetes-types/core/v1.js'
import type { FieldError } from '../field-error.ts'
import {
  duplicate,
  envNameFault,
  faultAt,
  forbiddenValue,
  invalidValue,
  labelFault,
  missing,
  notNegative,
  oneOf,
  portFaults,
  portNameFault,
  required,
  subdomainFault,
} from './faults.ts'
import { placementFaults } from './pod-placement-faults.ts'

// Models kubernetes/pkg/apis/core/validation/validation.go, as far as learners meet it.

const protocols = ['SCTP', 'TCP', 'UDP']

const portsFaults = (field: string, ports: readonly ContainerPort[], hostNetwork: boolean): FieldError[] => {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const at = `${field}[${index}]`
    const faults: FieldError[] = []
    if (port.name) {
      faults.push(...faultAt(`${at}.name`, port.name, portNameFault(port.name)))
      if (names.has(port.name)) faults.push(duplicate(`${at}.name`, port.name))
      names.add(port.name)
    }
    if (!port.containerPort) faults.push(required(`${at}.containerPort`))
    else faults.push(...portFaults(`${at}.containerPort`, port.containerPort))
    if (port.hostPort) {
      faults.push(...portFaults(`${at}.hostPort`, port.hostPort))
      if (hostNetwork && port.hostPort !== port.containerPort) {
        faults.push(invalidValue(`${at}.hostPort`, port.hostPort, 'must match `containerPort` when `hostNetwork` is true'))
      }
    }
    return [...faults, ...oneOf(`${at}.protocol`, port.protocol, protocols)]
  })
}

const mountsFaults = (field: string, mounts: readonly VolumeMount[], volumes: ReadonlySet<string>): FieldError[] => {
  const paths = new Set<string>()
  return mounts.flatMap((mount, index) => {
    const at = `${field}[${index}]`
    const faults: FieldError[] = []
    if (!mount.name) faults.push(required(`${at}.name`))
    else if (!volumes.has(mount.name)) faults.push(missing(`${at}.name`, mount.name))
    if (!mount.mountPath) faults.push(required(`${at}.mountPath`))
    else if (paths.has(mount.mountPath)) faults.push(invalidValue(`${at}.mountPath`, mount.mountPath, 'must be unique'))
    paths.add(mount.mountPath)
    if (mount.subPath?.startsWith('/')) faults.push(invalidValue(`${at}.subPath`, mount.subPath, 'must be a relative path'))
    if (mount.subPath?.split('/').includes('..'))
      faults.push(invalidValue(`${at}.subPath`, mount.subPath, "must not contain '..'"))
    return faults
  })
}

const probeFaults = (field: string, probe: Probe | undefined, liveness: boolean): FieldError[] => {
  if (!probe) return []
  const handlers = [probe.exec, probe.httpGet, probe.tcpSocket, probe.grpc].filter(handler => handler !== undefined)
  const faults: FieldError[] = []
  if (handlers.length === 0) faults.push(required(field, 'must specify a handler type'))
  if (handlers.length > 1) faults.push(forbiddenValue(field, 'may not specify more than 1 handler type'))
  if (probe.exec && !probe.exec.command?.length) faults.push(required(`${field}.exec.command`))
  for (const [name, port] of [
    ['httpGet', probe.httpGet?.port],
    ['tcpSocket', probe.tcpSocket?.port],
  ] as const) {
    if (typeof port === 'number') faults.push(...portFaults(`${field}.${name}.port`, port))
    else if (port !== undefined) faults.push(...faultAt(`${field}.${name}.port`, port, portNameFault(port)))
  }
  for (const count of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold'] as const) {
    faults.push(...notNegative(`${field}.${count}`, probe[count]))
  }
  if (liveness && (probe.successThreshold ?? 1) !== 1) {
    faults.push(invalidValue(`${field}.successThreshold`, probe.successThreshold, 'must be 1'))
  }
  return faults
}

const containerFaults = (at: string, container: Container, volumes: ReadonlySet<string>, hostNetwork: boolean): FieldError[] => {
  const faults: FieldError[] = []
  if (!container.image) faults.push(required(`${at}.image`))
  else if (container.image !== container.image.trim()) {
    faults.push(invalidValue(`${at}.image`, container.image, 'must not have leading or trailing whitespace'))
  }
  faults.push(...oneOf(`${at}.terminationMessagePolicy`, container.terminationMessagePolicy, ['File', 'FallbackToLogsOnError']))
  faults.push(...oneOf(`${at}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']))
  faults.push(...portsFaults(`${at}.ports`, container.ports ?? [], hostNetwork))
  for (const [index, { name, value, valueFrom }] of (container.env ?? []).entries()) {
    const field = `${at}.env[${index}]`
    faults.push(...(name ? faultAt(`${field}.name`, name, envNameFault(name)) : [required(`${field}.name`)]))
    if (value && valueFrom) {
      faults.push(invalidValue(`${field}.valueFrom`, '', 'may not be specified when `value` is not empty'))
    } else if (valueFrom && Object.keys(valueFrom).length !== 1) {
      faults.push(
        invalidValue(
          `${field}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
        ),
      )
    }
  }
  faults.push(...mountsFaults(`${at}.volumeMounts`, container.volumeMounts ?? [], volumes))
  faults.push(...probeFaults(`${at}.livenessProbe`, container.livenessProbe, true))
  faults.push(...probeFaults(`${at}.readinessProbe`, container.readinessProbe, false))
  faults.push(...probeFaults(`${at}.startupProbe`, container.startupProbe, true))
  const { limits = {}, requests = {} } = container.resources ?? {}
  for (const [kind, list] of Object.entries({ limits, requests })) {
    for (const [name, quantity] of Object.entries(list)) {
      if (isQuantity(quantity)) continue
      const why = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
      faults.push(invalidValue(`${at}.resources.${kind}[${name}]`, quantity, why))
    }
  }
  return faults
}

const isQuantity = (quantity: unknown): boolean =>
  typeof quantity === 'number' || /^[+-]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.test(String(quantity))

/** Faults of a Pod's spec at a path such as `spec` or `spec.template.spec`. */
export const podSpecFaults = (spec: PodSpec | undefined, field: string): FieldError[] => {
  if (!spec) return [required(`${field}.containers`)]
  const faults: FieldError[] = []
  const volumes = new Set<string>()
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const at = `${field}.volumes[${index}]`
    if (!volume.name) faults.push(required(`${at}.name`))
    else faults.push(...faultAt(`${at}.name`, volume.name, labelFault(volume.name)))
    if (volumes.has(volume.name)) faults.push(duplicate(`${at}.name`, volume.name))
    volumes.add(volume.name)
    const sources = Object.keys(volume).filter(key => key !== 'name')
    for (const extra of sources.slice(1)) faults.push(forbiddenValue(`${at}.${extra}`, 'may not specify more than 1 volume type'))
    if (volume.configMap && !volume.configMap.name) faults.push(required(`${at}.configMap.name`))
    if (volume.secret && !volume.secret.secretName) faults.push(required(`${at}.secret.secretName`))
    if (volume.hostPath && !volume.hostPath.path) faults.push(required(`${at}.hostPath.path`))
  }
  const names = new Set<string>()
  const check = (containers: readonly Container[] | undefined, list: string) => {
    for (const [index, container] of (containers ?? []).entries()) {
      const at = `${field}.${list}[${index}]`
      if (!container.name) faults.push(required(`${at}.name`))
      else faults.push(...faultAt(`${at}.name`, container.name, labelFault(container.name)))
      if (names.has(container.name)) faults.push(duplicate(`${at}.name`, container.name))
      names.add(container.name)
      faults.push(...containerFaults(at, container, volumes, spec.hostNetwork === true))
    }
  }
  if (!spec.containers?.length) faults.push(required(`${field}.containers`))
  check(spec.containers, 'containers')
  check(spec.initContainers, 'initContainers')
  faults.push(...oneOf(`${field}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']))
  const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
  faults.push(...oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, policies))
  faults.push(...notNegative(`${field}.terminationGracePeriodSeconds`, spec.terminationGracePeriodSeconds))
  if (spec.serviceAccountName) {
    faults.push(...faultAt(`${field}.serviceAccountName`, spec.serviceAccountName, subdomainFault(spec.serviceAccountName)))
  }
  faults.push(...placementFaults(spec, field))
  if (spec.nodeName) faults.push(...faultAt(`${field}.nodeName`, spec.nodeName, subdomainFault(spec.nodeName)))
  return faults
}
