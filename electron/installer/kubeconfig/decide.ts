// What to do with the user's kubeconfig files: nothing, one edit, or a refusal with its reason. Pure.

import { isDeepStrictEqual } from 'node:util'
import type { Facts } from '../step.ts'
import { type Kubeconfig, parseKubeconfig } from './document.ts'
import { insert, takeOut } from './edit.ts'
import { type Entries, type Entry, isOurs, ourName, type Section, sections, substance } from './entries.ts'
import { defaultPath } from './locate.ts'

/** Words: `setup.kubeconfig.<reason>.{what,next}`. The first four are about the text, the others about the file itself. */
export type Refusal =
  | 'broken'
  | 'clash'
  | 'scattered'
  | 'style'
  | 'link-dangling'
  | 'link-loop'
  | 'not-a-file'
  | 'hard-linked'
  | 'unreadable'
  | 'not-text'
  | 'too-big'
  | 'foreign'
  | 'locked'
  | 'source'

export interface Refused {
  state: 'refused'
  reason: Refusal
  facts: Facts
}

export const refuse = (reason: Refusal, facts: Facts): Refused => ({ state: 'refused', reason, facts })

export interface FileText {
  path: string
  /** Undefined where there is no such file. */
  text: string | undefined
}

export type MergeDecision =
  /** `ours: false`: somebody has put the same entries there before us; they stay theirs. */
  | { state: 'present'; path: string; ours: boolean }
  | { state: 'needed'; path: string; after: string; previousCurrent: string; setsCurrent: boolean }
  | Refused

interface Place {
  path: string
  kubeconfig: Kubeconfig
  entry: Entry
}

export const readAll = (files: readonly FileText[]): { path: string; kubeconfig: Kubeconfig }[] | Refused => {
  const read: { path: string; kubeconfig: Kubeconfig }[] = []
  for (const { path, text } of files) {
    const parsed = parseKubeconfig(text ?? '')
    if (!parsed.ok) return refuse('broken', { path, line: parsed.line ?? 0, problem: parsed.message })
    read.push({ path, kubeconfig: parsed.kubeconfig })
  }
  return read
}

/** Where each of the three names stands; the first file to set it wins. */
const find = (read: readonly { path: string; kubeconfig: Kubeconfig }[]): Map<Section, Place> => {
  const places = new Map<Section, Place>()
  for (const section of sections)
    for (const { path, kubeconfig } of read) {
      const entry = kubeconfig.entries(section).find(({ name }) => name === ourName)
      if (entry !== undefined && !places.has(section)) places.set(section, { path, kubeconfig, entry })
    }
  return places
}

/** kubectl's own files, the entries to add, and whether the user asked for the context to become the current one. */
export const decideMerge = (files: readonly FileText[], entries: Entries, wantsCurrent: boolean): MergeDecision => {
  const read = readAll(files)
  if ('state' in read) return read
  const places = find(read)
  const isSame = sections.every(section => {
    const place = places.get(section)
    return place !== undefined && isDeepStrictEqual(substance(section, place.entry), substance(section, entries[section]))
  })
  const current = read.map(({ kubeconfig }) => kubeconfig.current).find(name => name !== '') ?? ''
  const setsCurrent = current === '' || (wantsCurrent && current !== ourName)
  const context = places.get('contexts')
  if (isSame && context !== undefined && !setsCurrent)
    return { state: 'present', path: context.path, ours: isOurs('contexts', context.entry) }
  if (!isSame)
    for (const section of sections) {
      const place = places.get(section)
      if (place !== undefined && !isOurs(section, place.entry))
        return refuse('clash', { path: place.path, section, name: ourName })
    }
  const homes = new Set([...places.values()].map(({ path }) => path))
  if (homes.size > 1) return refuse('scattered', { paths: [...homes].join(', ') })
  const [home] = homes
  const isThere = (path: string) => files.some(file => file.path === path && file.text !== undefined)
  const path =
    home ??
    defaultPath(
      files.map(file => file.path),
      isThere,
    )
  const kubeconfig = read.find(file => file.path === path)?.kubeconfig
  // The current context is the first one set in the list of files: only from there can ours be seen.
  const first = read.find(file => file.kubeconfig.current !== '')?.path
  const canSet = setsCurrent && (first === undefined || first === path)
  if (isSame && !canSet) return { state: 'present', path, ours: context !== undefined && isOurs('contexts', context.entry) }
  const after = kubeconfig && replaced(kubeconfig, isSame ? undefined : entries, canSet ? ourName : undefined)
  if (after === undefined) return refuse('style', { path })
  return { state: 'needed', path, after, previousCurrent: kubeconfig?.current ?? '', setsCurrent: canSet }
}

/** Old entries of ours, of an installation that is gone, make room for the new ones. */
const replaced = (kubeconfig: Kubeconfig, entries: Entries | undefined, current: string | undefined): string | undefined => {
  const hasOurs =
    entries !== undefined && sections.some(section => kubeconfig.entries(section).some(entry => isOurs(section, entry)))
  if (!hasOurs) return insert(kubeconfig, entries, current)
  const cleared = takeOut(kubeconfig, undefined)
  const parsed = cleared === undefined ? undefined : parseKubeconfig(cleared)
  return parsed?.ok ? insert(parsed.kubeconfig, entries, current) : undefined
}

export type RemovalDecision =
  | { state: 'absent' }
  /** `dangling`: the user's own contexts that pointed to our cluster or user; they stay, and point to nothing. */
  | { state: 'needed'; after: string; dangling: readonly string[] }
  | Refused

/** Takes out what carries our mark, whatever it is called by now. `previous` is the current-context that ours replaced. */
export const decideRemoval = (path: string, text: string, previous: string): RemovalDecision => {
  const parsed = parseKubeconfig(text)
  if (!parsed.ok) return refuse('broken', { path, line: parsed.line ?? 0, problem: parsed.message })
  const { kubeconfig } = parsed
  const ours = (section: Section) =>
    kubeconfig
      .entries(section)
      .filter(entry => isOurs(section, entry))
      .map(({ name }) => name)
  const names = { clusters: ours('clusters'), users: ours('users'), contexts: ours('contexts') }
  if (sections.every(section => names[section].length === 0)) return { state: 'absent' }
  const isKept = kubeconfig.entries('contexts').some(entry => entry.name === previous && !isOurs('contexts', entry))
  const current = names.contexts.includes(kubeconfig.current) ? (isKept ? previous : '') : undefined
  const after = takeOut(kubeconfig, current)
  if (after === undefined) return refuse('style', { path })
  const dangling = kubeconfig
    .entries('contexts')
    .filter(entry => !isOurs('contexts', entry))
    .filter(entry => {
      const { cluster, user } = substance('contexts', entry)
      return names.clusters.includes(String(cluster)) || names.users.includes(String(user))
    })
    .map(({ name }) => name)
  return { state: 'needed', after, dangling }
}
