// Accepts the names of custom kinds, so that they are served, and empties those whose definition goes.

import { isEqual } from '../clone.ts'
import {
  cleanup,
  type DefinitionCondition,
  type DefinitionNames,
  type DefinitionObject,
  definitionsKey,
} from '../custom/definition.ts'
import { timestamp } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'

// Models apiextensions-apiserver/pkg/controller/status/naming_controller.go, establish and finalizer.

/** Names that other definitions of the group have, as their words are compared. */
export interface Taken {
  resources: ReadonlySet<string>
  kinds: ReadonlySet<string>
}

interface Names {
  names: DefinitionNames
  accepted: Omit<DefinitionCondition, 'lastTransitionTime'>
}

/** Which of the wanted names a definition gets. */
export const decideNames = (wanted: DefinitionNames, current: DefinitionNames | undefined, taken: Taken): Names => {
  const names: DefinitionNames = { ...wanted, plural: current?.plural ?? '', kind: current?.kind ?? '' }
  const conflicts: [reason: string, message: string][] = []
  const ask = (reason: string, used: ReadonlySet<string>, asked: string, accept: () => void) => {
    if (used.has(asked)) conflicts.push([reason, `${JSON.stringify(asked)} is already in use`])
    else accept()
  }
  ask('PluralConflict', taken.resources, wanted.plural, () => {
    names.plural = wanted.plural
  })
  const keep = (field: 'singular' | 'listKind') => {
    const old = current?.[field]
    if (old) names[field] = old
    else delete names[field]
  }
  if (wanted.singular && taken.resources.has(wanted.singular)) {
    conflicts.push(['SingularConflict', `${JSON.stringify(wanted.singular)} is already in use`])
    keep('singular')
  }
  const short = (wanted.shortNames ?? []).filter(name => taken.resources.has(name))
  if (short.length > 0) {
    const list = short.map(name => `${JSON.stringify(name)} is already in use`)
    conflicts.push(['ShortNamesConflict', list.length > 1 ? `[${list.join(', ')}]` : list[0]!])
    if (current?.shortNames) names.shortNames = current.shortNames
    else delete names.shortNames
  }
  ask('KindConflict', taken.kinds, wanted.kind, () => {
    names.kind = wanted.kind
  })
  if (wanted.listKind && taken.kinds.has(wanted.listKind)) {
    conflicts.push(['ListKindConflict', `${JSON.stringify(wanted.listKind)} is already in use`])
    keep('listKind')
  }
  const last = conflicts.at(-1)
  const accepted = last
    ? { type: 'NamesAccepted', status: 'False', reason: last[0], message: last[1] }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
  return { names, accepted }
}

/** Conditions with some set anew; the time changes with the status only. */
export const withConditions = (
  old: readonly DefinitionCondition[],
  news: readonly Omit<DefinitionCondition, 'lastTransitionTime'>[],
  now: string,
): DefinitionCondition[] => {
  const conditions = [...old]
  for (const next of news) {
    const at = conditions.findIndex(({ type }) => type === next.type)
    const before = conditions[at]
    const lastTransitionTime = before?.status === next.status ? (before.lastTransitionTime ?? now) : now
    const { type, status, reason, message } = next
    const made = { lastTransitionTime, message: message ?? '', reason: reason ?? '', status, type }
    if (at < 0) conditions.push(made)
    else conditions[at] = made
  }
  return conditions
}

const takenBy = (others: readonly DefinitionObject[]): Taken => {
  const names = others.flatMap(({ status }) => status?.acceptedNames ?? [])
  return {
    resources: new Set(
      names.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular ?? '', ...shortNames]).filter(Boolean),
    ),
    kinds: new Set(names.flatMap(({ kind, listKind }) => [kind, listKind ?? '']).filter(Boolean)),
  }
}

/** The controller. */
export const customResourceDefinition = ({ registry, clock }: ControllerContext): Controller => {
  const { store } = registry
  const all = () => store.list(definitionsKey) as readonly DefinitionObject[]
  const setStatus = (name: string, status: DefinitionObject['status']) =>
    registry.modify(definitionsKey, '', name, copy => ({ ...copy, status }), { subresource: 'status' })

  const accept = (definition: DefinitionObject) => {
    const { spec, status, metadata } = definition
    const others = all().filter(each => each.spec.group === spec.group && each.metadata.name !== metadata.name)
    const { names, accepted } = decideNames(spec.names, status?.acceptedNames, takenBy(others))
    const before = status?.conditions ?? []
    const isEstablished = before.some(({ type, status: is }) => type === 'Established' && is === 'True')
    const established =
      accepted.status === 'True' || isEstablished
        ? { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' }
        : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
    const conditions = withConditions(before, [accepted, established], timestamp(clock.now()))
    const next = { ...status, conditions, acceptedNames: names }
    if (!isEqual(next, status)) setStatus(metadata.name, next)
  }

  const finish = (definition: DefinitionObject): undefined | { after: number } => {
    const { metadata, status, spec } = definition
    if (!metadata.finalizers?.includes(cleanup)) return undefined
    const now = timestamp(clock.now())
    const key = `${spec.names.plural}.${spec.group}`
    const objects = store.list(key)
    const terminating = (isOver: boolean) => ({
      type: 'Terminating',
      status: isOver ? 'False' : 'True',
      reason: isOver ? 'InstanceDeletionCompleted' : 'InstanceDeletionInProgress',
      message: isOver ? 'removed all instances' : 'CustomResource deletion is in progress',
    })
    const conditions = withConditions(status?.conditions ?? [], [terminating(objects.length === 0)], now)
    setStatus(metadata.name, { ...status, conditions })
    for (const object of objects) {
      const { namespace = '', name, deletionTimestamp } = object.metadata
      if (!deletionTimestamp) registry.delete(key, namespace, name)
    }
    if (store.list(key).length > 0) return { after: 1000 }
    registry.modify(definitionsKey, '', metadata.name, copy => {
      const finalizers = copy.metadata.finalizers?.filter(each => each !== cleanup) ?? []
      return { ...copy, metadata: { ...copy.metadata, finalizers } }
    })
    return undefined
  }

  return {
    name: 'customresourcedefinition',
    watches: {
      // A definition that goes may free the names that another one waits for.
      [definitionsKey]: ({ type, object }) =>
        type === 'DELETED' ? all().map(each => each.metadata.name) : [object.metadata.name],
    },
    reconcile(name) {
      const definition = store.get(definitionsKey, '', name) as DefinitionObject | undefined
      if (!definition) return undefined
      if (definition.metadata.deletionTimestamp) return finish(definition)
      accept(definition)
      return undefined
    },
  }
}
