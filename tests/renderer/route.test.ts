import { expect, test } from 'vitest'
import { hrefOf, parseRoute } from '../../renderer/state/route.ts'

test.each([
  ['#/labs/01-pod', { screen: 'labs', id: '01-pod' }],
  ['#/labs', { screen: 'labs' }],
  ['#/talk/what%20is%2Fit', { screen: 'talk', id: 'what is/it' }],
  ['#/talk/%E0%A4%A', { screen: 'talk' }],
  ['#/', undefined],
  ['', undefined],
  ['#/nowhere', undefined],
  ['#/constructor', undefined],
])('%s is understood', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route)
})

test('an address leads back to its route, whatever the id holds', () => {
  for (const id of ['01-pod', 'a/b', 'что', '#', '50%']) {
    const route = { screen: 'talk', id } as const
    expect(parseRoute(hrefOf(route))).toEqual(route)
  }
})
