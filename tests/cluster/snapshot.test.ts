import { expect, test } from 'vitest'
import { apply, emptySnapshot, replace } from '../../electron/cluster/snapshot.ts'
import { object, pod } from '../lessons/objects.ts'

const [a, b] = [pod('a', { uid: 'a' }), pod('b', { uid: 'b' })]
const start = replace(emptySnapshot, 'Pod', [a, b])
const names = (snapshot: typeof start) => snapshot.get('Pod')?.map(({ metadata }) => metadata.name)

test('puts and removes, in order, leaving the old snapshot as it was', () => {
  const changed = pod('a', { uid: 'a', status: { phase: 'Failed' } })
  const next = apply(start, { type: 'put', object: changed }, { type: 'put', object: pod('c') }, { type: 'remove', object: b })
  expect(names(next)).toEqual(['a', 'c'])
  expect(next.get('Pod')?.[0]).toBe(changed)
  expect(names(start)).toEqual(['a', 'b'])
  expect(start.get('Pod')?.[0]).toBe(a)
})

test('a name that comes back is another object', () => {
  const again = pod('a', { uid: 'a2' })
  expect(apply(start, { type: 'put', object: again }, { type: 'remove', object: a }).get('Pod')).toEqual([b, again])
})

test('kinds that are not watched are left out, and nothing to do gives the same snapshot', () => {
  expect(apply(start, { type: 'put', object: object('Service', 's') })).toBe(start)
  expect(apply(start)).toBe(start)
})
