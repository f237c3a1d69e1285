// Which objects are a lesson's: those that bear the names it makes, or live in a namespace that it makes. Pure.

import type { LessonText } from '../../../../electron/contract/lessons.ts'

/** @param namespace empty for an object that lives in none */
export type IsOurs = (name: string, namespace: string) => boolean

/** What a controller makes is named after it: `openresty-6686c4dc6f-k24vh`. */
const isNamedAfter = (name: string, own: string): boolean => name === own || name.startsWith(`${own}-`)

export const belongsTo = ({ creates, namespace }: Pick<LessonText, 'creates' | 'namespace'>): IsOurs => {
  const named = creates.flatMap(words => {
    const [, kind, name, elsewhere] = /^(\w+)\/(\S+)(?: -n (\S+))?$/.exec(words) ?? []
    return name === undefined ? [] : [{ kind, name, namespace: elsewhere ?? namespace }]
  })
  const rooms = new Set(named.filter(({ kind }) => kind === 'namespace').map(({ name }) => name))
  return (name, where) =>
    rooms.has(where) ||
    named.some(own => own.kind !== 'namespace' && (where === '' || where === own.namespace) && isNamedAfter(name, own.name))
}
