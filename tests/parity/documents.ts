// What a served document says, as lines of facts that two clusters share: paths and values, names and times by what they are.

import { readFileSync } from 'node:fs'
import { rename } from './normalise.ts'

/** Told in prose, told by chance, or told of one moment. */
const unsaid = /^(description|storageVersionHash|remainingItemCount|selfLink)$/
const masks: readonly [RegExp, string][] = [
  [/^\d+$/, '<number>'],
  [/^[\dA-F]{128}$|\?hash=.*/, '<hash>'],
]
/** Fields whose value depends on the moment, the machine or the run. */
const free =
  /(resourceVersion|uid|observedGeneration|generation|pod-template-hash|podIP|hostIP|clusterIP|serverAddress|image|imageID)$/i

const nameOf = (item: unknown): string => {
  if (typeof item !== 'object' || item === null) return ''
  const { name, type, resource, version, group, groupVersion, subresource, manager, metadata } = item as Record<string, unknown>
  const own = name ?? type ?? resource ?? subresource ?? version ?? group ?? groupVersion ?? manager
  return typeof own === 'string' ? own : String((metadata as { name?: unknown } | undefined)?.name ?? '')
}

const sayValue = (path: string, value: unknown): string => {
  if (free.test(path.replace(/\[[^\]]*\]/g, ''))) return typeof value
  const text = rename(String(value))
  return masks.reduce((all, [pattern, put]) => (typeof value === 'string' ? all.replace(pattern, put) : all), text)
}

const walk = (value: unknown, path: string, facts: Set<string>): void => {
  if (Array.isArray(value)) {
    if (value.every(item => typeof item !== 'object')) facts.add(`${path} = ${rename(` ${value.join(' ')} `).trim()}`)
    else for (const item of value) walk(item, `${path}[${rename(nameOf(item))}]`, facts)
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([name]) => !unsaid.test(name))
    if (entries.length === 0) facts.add(`${path} = {}`)
    for (const [name, item] of entries) walk(item, path ? `${path}.${rename(name)}` : name, facts)
  } else facts.add(`${path} = ${sayValue(path, value)}`)
}

/** The recorded documents: what was asked, and its facts. */
export const readDocuments = (): { at: string; path: string; form: string; facts: string[] }[] =>
  readFileSync(new URL('recordings/documents.txt', import.meta.url), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map(block => {
      const [head = '', ...facts] = block.trim().split('\n').filter(Boolean)
      const [, path = '', form = ''] = /^\w+ (\S+)(?: as (\w+))?$/.exec(head) ?? []
      return { at: head, path, form, facts }
    })

/** The facts of one document, sorted. */
export const factsOf = (document: unknown): string[] => {
  const facts = new Set<string>()
  walk(document, '', facts)
  return [...facts].sort()
}
