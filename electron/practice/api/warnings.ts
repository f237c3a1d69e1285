// What the server warns of: old versions, and fields that mean nothing any more. kubectl prints warnings in yellow.

import type { DefinitionObject } from '../custom/definition.ts'
import { rulePaths } from '../custom/structure.ts'
import type { KubeObject } from '../object.ts'
import type { ServiceObject } from '../resources/service-object.ts'
import { type Exchange, warn } from './exchange.ts'
import type { Target } from './target.ts'

// Models apiserver/pkg/endpoints/deprecation and kubernetes/pkg/api/{pod,service,node}/warnings.go.

const deprecated = new Map([['endpoints', 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice']])

/** Warns of the version that a request names. */
export const warnOf = (exchange: Exchange, { resource, key }: Target): void => {
  const text = resource.custom?.warning ?? (resource.version === 'v1' ? deprecated.get(key) : undefined)
  if (text) warn(exchange, text)
}

const definitionWarnings = ({ spec }: DefinitionObject): string[] =>
  spec.versions
    .flatMap(({ schema }, index) => rulePaths(schema?.openAPIV3Schema, `spec.versions[${index}].schema.openAPIV3Schema`))
    .map(path => `${path}: this cluster keeps rules in CEL but does not try them`)

const serviceWarnings = ({ spec }: Partial<ServiceObject>): string[] =>
  spec?.externalIPs?.length ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters'] : []

const finders = new Map<string, (object: never) => string[]>([
  ['services', serviceWarnings],
  ['customresourcedefinitions.apiextensions.k8s.io', definitionWarnings],
])

/** Warns of what a write carries. */
export const warnOfObject = (exchange: Exchange, { key, subresource }: Target, object: KubeObject): void => {
  if (subresource !== undefined) return
  for (const text of finders.get(key)?.(object as never) ?? []) warn(exchange, text)
}
