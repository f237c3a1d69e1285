// What a CustomResourceDefinition looks like, and in which order its versions come.

import type { KubeObject } from '../object.ts'
import type { Schema } from './schema.ts'

export interface PrinterColumn {
  name: string
  type: string
  format?: string
  description?: string
  priority?: number
  jsonPath: string
}

export interface ScalePaths {
  specReplicasPath: string
  statusReplicasPath: string
  labelSelectorPath?: string
}

export interface DefinitionVersion {
  name: string
  served: boolean
  storage: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: Schema }
  subresources?: { status?: object; scale?: ScalePaths }
  additionalPrinterColumns?: PrinterColumn[]
  selectableFields?: { jsonPath: string }[]
}

export interface DefinitionNames {
  plural: string
  singular?: string
  shortNames?: string[]
  kind: string
  listKind?: string
  categories?: string[]
}

export interface DefinitionCondition {
  type: string
  status: string
  lastTransitionTime?: string
  reason?: string
  message?: string
}

export interface DefinitionObject extends KubeObject {
  spec: {
    group: string
    names: DefinitionNames
    scope: string
    versions: DefinitionVersion[]
    conversion?: { strategy?: string }
    preserveUnknownFields?: boolean
  }
  status?: { conditions?: DefinitionCondition[] | null; acceptedNames?: DefinitionNames; storedVersions?: string[] | null }
}

export const definitionsKey = 'customresourcedefinitions.apiextensions.k8s.io'
export const cleanup = 'customresourcecleanup.apiextensions.k8s.io'

/** Whether a condition holds. */
export const isTrue = ({ status }: DefinitionObject, type: string): boolean =>
  status?.conditions?.some(each => each.type === type && each.status === 'True') ?? false

const rankOf = (version: string): [stability: number, major: number, minor: number] => {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? []
  if (major === undefined) return [3, 0, 0]
  return [stage === undefined ? 0 : stage === 'beta' ? 1 : 2, Number(major), Number(minor ?? 0)]
}

// Models apimachinery/pkg/version/helpers.go: v10, v2, v1, v11beta2, v3beta1, v12alpha1, foo1, foo10.
export const compareVersions = (left: string, right: string): number => {
  const [a, b] = [rankOf(left), rankOf(right)]
  return a[0] - b[0] || b[1] - a[1] || b[2] - a[2] || (left < right ? -1 : left > right ? 1 : 0)
}
