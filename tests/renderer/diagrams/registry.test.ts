// Every diagram against its own list of parts, the words, and its story.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diagramIds, diagramParts } from '../../../electron/contract/diagrams.ts'
import type { Words } from '../../../renderer/screens/talk/diagrams/diagram.ts'
import { storyFacts } from '../../../renderer/screens/talk/diagrams/facts.ts'
import { diagrams } from '../../../renderer/screens/talk/diagrams/registry.ts'
import { routeOf } from '../../../renderer/screens/talk/diagrams/route.ts'
import { toldBy } from '../../../renderer/screens/talk/diagrams/story.ts'
import { frozen, groupOf } from '../../../renderer/screens/talk/diagrams/traffic.ts'

const keys = ((key: string) => key) as unknown as Words
const locale = (language: string) =>
  JSON.parse(readFileSync(`resources/locales/${language}/talk.json`, 'utf8')) as { parts: Record<string, Record<string, string>> }

test.each(diagramIds)('%s draws exactly the parts that slides may point at, each with its words', id => {
  const { draw, story } = diagrams[id]
  const drawing = draw(storyFacts(toldBy(story, story.steps.length)), keys)
  expect([...new Set(drawing.places.map(({ part }) => part))].toSorted()).toEqual([...diagramParts[id]].toSorted())
  const ids = drawing.places.map(place => place.id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const language of ['zh-CN', 'en'])
    for (const part of diagramParts[id])
      expect(locale(language).parts[part], `${language} ${part}`).toMatchObject({
        name: expect.any(String),
        what: expect.any(String),
      })
})

test.each(diagramIds)('%s has its parts and wires inside, and its wires end at parts', id => {
  const { draw, story } = diagrams[id]
  const { width, height, places, wires } = draw(storyFacts(toldBy(story, story.steps.length)), keys)
  for (const { id: part, x, y, width: wide, height: high } of places)
    expect([part, x >= 0, y >= 0, x + wide <= width, y + high <= height]).toEqual([part, true, true, true, true])
  for (const { from, to } of wires) expect(places.map(place => place.id)).toEqual(expect.arrayContaining([from, to]))
})

test.each(diagramIds)('%s shows every step of its story on its wires, and stands still at one', id => {
  const { draw, story, route = routeOf } = diagrams[id]
  const drawing = draw(storyFacts(toldBy(story, story.steps.length)), keys)
  const silent = story.steps.filter(step => step.every(journey => groupOf(journey, route(journey), drawing).hops.length === 0))
  expect(silent).toEqual([])
  const still = frozen(story.steps[story.still.step] ?? [], story.still.hop, route, drawing)
  expect(still.flatMap(({ hops, hop }) => hops[hop] ?? [])).not.toEqual([])
})
