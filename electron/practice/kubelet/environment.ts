// A container's environment: Services, envFrom, env, and $(NAME) in commands and values.

import type { Container, EnvVar } from 'kubernetes-types/core/v1.js'
import type { ConfigMap, Pod, Secret, V1Service } from '../controllers/kinds.ts'
import type { Store } from '../store.ts'
import { fieldValue, type Place, resourceValue } from './fields.ts'

// Models kubernetes/pkg/kubelet/kubelet_pods.go makeEnvironmentVariables and envvars/envvars.go

/** A container cannot be configured yet; its message becomes the waiting message. */
export class ConfigError extends Error {}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8')

/** `$(NAME)` by its value; unknown names stay, `$$(NAME)` is an escape. */
export const expand = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replace(/\$(\$)?\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (whole, escaped, name) =>
    escaped ? whole.slice(1) : (env[name as string] ?? whole),
  )

const serviceVariables = ({ metadata, spec }: V1Service): Record<string, string> => {
  const [first] = spec.ports ?? []
  const ip = spec.clusterIP
  if (!ip || ip === 'None' || !first) return {}
  const prefix = metadata.name.toUpperCase().replaceAll('-', '_')
  const env: Record<string, string> = { [`${prefix}_SERVICE_HOST`]: ip, [`${prefix}_SERVICE_PORT`]: String(first.port) }
  for (const { name, port } of spec.ports ?? []) {
    if (name) env[`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`] = String(port)
  }
  env[`${prefix}_PORT`] = `${(first.protocol ?? 'TCP').toLowerCase()}://${ip}:${first.port}`
  for (const { port, protocol = 'TCP' } of spec.ports ?? []) {
    const each = `${prefix}_PORT_${port}_${protocol}`
    env[each] = `${protocol.toLowerCase()}://${ip}:${port}`
    Object.assign(env, { [`${each}_PROTO`]: protocol.toLowerCase(), [`${each}_PORT`]: String(port), [`${each}_ADDR`]: ip })
  }
  return env
}

const services = (store: Store, pod: Pod): Record<string, string> => {
  const { namespace = '' } = pod.metadata
  const kubernetes = store.get('services', 'default', 'kubernetes')
  const own = pod.spec.enableServiceLinks === false ? [] : store.list('services', namespace)
  const all = [...(kubernetes ? [kubernetes] : []), ...own]
  return Object.assign({}, ...all.map(service => serviceVariables(service as V1Service)))
}

/** Reads one value of a ConfigMap or Secret. @throws ConfigError in the kubelet's words */
const lookUp = (store: Store, kind: 'ConfigMap' | 'Secret', namespace: string, name: string, optional: boolean) => {
  const object = store.get(kind === 'ConfigMap' ? 'configmaps' : 'secrets', namespace, name)
  if (!object && !optional) throw new ConfigError(`${kind.toLowerCase()} "${name}" not found`)
  const data = (object as ConfigMap | Secret | undefined)?.data ?? {}
  return kind === 'ConfigMap' ? data : Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decode(value)]))
}

const valueFrom = (
  store: Store,
  pod: Pod,
  container: Container,
  { valueFrom: from }: EnvVar,
  place: Place,
): string | undefined => {
  const { namespace = '' } = pod.metadata
  if (from?.fieldRef) return fieldValue(from.fieldRef, pod, place)
  if (from?.resourceFieldRef) return resourceValue(from.resourceFieldRef, container)
  const kind = from?.configMapKeyRef ? 'ConfigMap' : 'Secret'
  const reference = from?.configMapKeyRef ?? from?.secretKeyRef
  if (!reference) return ''
  const { name = '', key, optional = false } = reference
  const value = lookUp(store, kind, namespace, name, optional)[key]
  if (value === undefined && !optional) throw new ConfigError(`couldn't find key ${key} in ${kind} ${namespace}/${name}`)
  return value
}

/** Later ones win: Services, envFrom, env. @throws ConfigError */
export const environmentOf = (store: Store, pod: Pod, container: Container, place: Place): Record<string, string> => {
  const { namespace = '' } = pod.metadata
  const known = services(store, pod)
  const env: Record<string, string> = {}
  for (const { configMapRef, secretRef, prefix = '' } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef
    const kind = configMapRef ? 'ConfigMap' : 'Secret'
    const data = lookUp(store, kind, namespace, reference?.name ?? '', reference?.optional ?? false)
    for (const [key, value] of Object.entries(data)) env[prefix + key] = value
  }
  for (const variable of container.env ?? []) {
    const value =
      variable.valueFrom === undefined
        ? expand(variable.value ?? '', { ...known, ...env })
        : valueFrom(store, pod, container, variable, place)
    if (value !== undefined) env[variable.name] = value
  }
  return { ...known, ...env }
}
