// Cells that several kinds print, in the forms of `kubectl get`.

import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { KubeObject } from '../object.ts'
import type { Column } from '../resource.ts'

/** What kubectl shows where there is nothing. */
export const none = '<none>'

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object, unique among objects of its kind in its namespace.',
  cell: object => object.metadata.name,
}

export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  description: 'Time since the object was created.',
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
}

/** For kinds whose age nobody asks. */
export const createdColumn: Column = {
  name: 'Created At',
  type: 'date',
  description: 'When the object was created.',
  cell: object => object.metadata.creationTimestamp,
}

/** How long ago a time was, as `5s`, `2m3s`, `4h`: models apimachinery/pkg/util/duration. */
export const age = (since: string | undefined, now: number): string => {
  if (!since) return '<unknown>'
  const seconds = Math.floor((now - Date.parse(since)) / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const pair = (whole: number, unit: string, rest: number, restUnit: string) =>
    rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (hours < 192) return pair(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  const years = Math.floor(days / 365)
  return days < 2920 ? pair(years, 'y', days % 365, 'd') : `${years}y`
}

/** `a=b,c=d`, or `<none>`. */
export const labelsText = (labels: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',') || none

/** A selector as `kubectl get -owide` prints it. */
export const selectorText = (selector: LabelSelector | undefined): string => {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }))
  const more = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    const list = `(${[...values].sort().join(',')})`
    const words: Record<string, string> = {
      In: `${key} in ${list}`,
      NotIn: `${key} notin ${list}`,
      Exists: key,
      DoesNotExist: `!${key}`,
    }
    return { key, text: words[operator] ?? key }
  })
  const parts = [...equal, ...more].sort((a, b) => (a.key < b.key ? -1 : 1))
  return parts.map(({ text }) => text).join(',') || none
}

/** The columns Containers, Images and Selector of workloads, all wide. */
export const templateColumns = <T extends KubeObject>(
  containersOf: (object: T) => readonly { name: string; image?: string }[],
  selectorOf: (object: T) => LabelSelector | undefined,
): Column<T>[] => [
  {
    name: 'Containers',
    type: 'string',
    description: 'Names of the containers of the Pod template.',
    wide: true,
    cell: object =>
      containersOf(object)
        .map(({ name }) => name)
        .join(','),
  },
  {
    name: 'Images',
    type: 'string',
    description: 'Images of the containers of the Pod template.',
    wide: true,
    cell: object =>
      containersOf(object)
        .map(({ image }) => image ?? '')
        .join(','),
  },
  {
    name: 'Selector',
    type: 'string',
    description: 'Selects the Pods that belong to the object.',
    wide: true,
    cell: object => selectorText(selectorOf(object)),
  },
]
