// What every object's picture has above it: who acts, and the API server that they all talk to.

import type { Words } from '../diagram.ts'
import type { Drawing, Place, Wire } from '../drawing.ts'

export const stage = { width: 976, height: 630 }
/** Where the objects begin. */
export const ground = 226

const bar = { y: 134, height: 62 }
const actor = { y: 0, height: 72 }
const gap = 22

const notes: Readonly<Record<string, string>> = {
  kubectl: 'diagram.clients',
  kubelet: 'object.onEachNode',
  'kube-proxy': 'object.onEachNode',
  'kube-scheduler': 'object.picksNode',
}

export const apiServer = (t: Words): Place => ({
  id: 'kube-apiserver',
  part: 'kube-apiserver',
  x: 0,
  ...bar,
  width: stage.width,
  shape: 'bar',
  note: t('diagram.everybody'),
})

/** From the API server down to a place on the ground. */
export const wireDown = (to: Place, x: number): Wire => ({
  from: 'kube-apiserver',
  to: to.id,
  points: [
    [x, bar.y + bar.height],
    [x, to.y],
  ],
})

/** Those who act, side by side, each with its wire. */
export const cast = (parts: readonly string[], t: Words): Pick<Drawing, 'places' | 'wires'> => {
  const width = (stage.width - gap * (parts.length - 1)) / parts.length
  const places = parts.map((part, index): Place => {
    const note = t(notes[part] ?? 'object.controller')
    return { id: part, part, x: index * (width + gap), ...actor, width, note }
  })
  const wires = places.map(
    ({ id, x }): Wire => ({
      from: id,
      to: 'kube-apiserver',
      points: [
        [x + width / 2, actor.height],
        [x + width / 2, bar.y],
      ],
    }),
  )
  return { places: [...places, apiServer(t)], wires }
}
