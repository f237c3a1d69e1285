// What the drawing shows, as a table for a spreadsheet: one line for each thing that happened. Pure.

import type { PodLife, Timeline } from '../../../state/timeline.ts'

interface Line {
  at: number
  kind: string
  name: string
  what: string
  value: string | number
}

const moments = ['created', 'scheduled', 'pulled', 'made', 'started', 'ready', 'leaving', 'gone'] as const
/** `made` is what Kubernetes calls Created, of a container; `created` is the Pod itself. */
const wordOf: Partial<Record<(typeof moments)[number], string>> = { made: 'container created' }

const podLines = (pod: PodLife): Line[] =>
  moments.flatMap(what => {
    const at = pod[what]
    return at === undefined ? [] : [{ at, kind: 'Pod', name: pod.name, what: wordOf[what] ?? what, value: pod.node ?? '' }]
  })

const cell = (value: string | number): string => {
  const text = String(value)
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** @param requests answered by each Pod, by uid */
export const csvOf = (timeline: Timeline, requests: ReadonlyMap<string, number>, now: number): string => {
  const pods = [...timeline.pods.values()]
  const lines = [
    ...pods.flatMap(podLines),
    ...pods.flatMap(pod => {
      const value = requests.get(pod.uid)
      return value === undefined ? [] : [{ at: now, kind: 'Pod', name: pod.name, what: 'requests', value }]
    }),
    ...[...timeline.workloads.values()].flatMap(({ kind, name, samples }) =>
      samples.flatMap(({ at, wanted, ready, available }) =>
        Object.entries({ wanted, ready, available }).map(([what, value]) => ({ at, kind, name, what, value })),
      ),
    ),
  ].sort((a, b) => a.at - b.at)
  const first = lines[0]?.at ?? 0
  const rows = lines.map(({ at, kind, name, what, value }) =>
    [new Date(at).toISOString(), ((at - first) / 1000).toFixed(3), kind, name, what, value].map(cell).join(','),
  )
  return `${['time,seconds,kind,name,what,value', ...rows].join('\r\n')}\r\n`
}
