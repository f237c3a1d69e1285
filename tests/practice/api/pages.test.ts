import { expect, test } from 'vitest'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const maps = '/api/v1/namespaces/paged/configmaps'
const map = (name: string, data: object = {}) => ({ metadata: { name }, data })

interface List {
  metadata: { continue: string; resourceVersion: string; remainingItemCount?: number }
  items: { metadata: { name: string }; data?: Record<string, string> }[]
}
const list = async (query: string): Promise<List> => (await cluster.send('GET', `${maps}?${query}`)).body as unknown as List
const names = ({ items }: List) => items.map(({ metadata }) => metadata.name)

test('pages show the state of the first one', async () => {
  await cluster.send('POST', '/api/v1/namespaces', { metadata: { name: 'paged' } })
  await cluster.send('DELETE', `${maps}/kube-root-ca.crt`)
  await expect.poll(async () => names(await list(''))).toEqual(['kube-root-ca.crt'])
  for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) await cluster.send('POST', maps, map(name, { v: 'old' }))
  const first = await list('limit=2')
  expect(names(first)).toEqual(['kube-root-ca.crt', 'p1'])
  expect(first.metadata.remainingItemCount).toBe(4)

  await cluster.send('DELETE', `${maps}/p2`)
  await cluster.send('POST', maps, map('p2b'))
  await cluster.send('PATCH', `${maps}/p3`, { data: { v: 'new' } }, { 'content-type': 'application/merge-patch+json' })
  await cluster.send('PATCH', `${maps}/p3`, { data: { v: 'newer' } }, { 'content-type': 'application/merge-patch+json' })
  await cluster.send('DELETE', `${maps}/p4`)
  await cluster.send('POST', maps, map('p4', { v: 'new' }))

  const second = await list(`limit=2&continue=${first.metadata.continue}`)
  expect(second.items).toMatchObject([
    { metadata: { name: 'p2' }, data: { v: 'old' } },
    { metadata: { name: 'p3' }, data: { v: 'old' } },
  ])
  expect(second.metadata).toMatchObject({ resourceVersion: first.metadata.resourceVersion, remainingItemCount: 2 })
  const third = await list(`limit=2&continue=${second.metadata.continue}`)
  expect(third.items).toMatchObject([{ metadata: { name: 'p4' }, data: { v: 'old' } }, { metadata: { name: 'p5' } }])
  expect(third.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion })

  const exact = await list(`resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`)
  expect(names(exact)).toEqual(['kube-root-ca.crt', 'p1', 'p2', 'p3', 'p4', 'p5'])
  expect(names(await list(''))).toEqual(['kube-root-ca.crt', 'p1', 'p2b', 'p3', 'p4', 'p5'])
  const both = `continue=${first.metadata.continue}&resourceVersion=5`
  expect(await cluster.send('GET', `${maps}?${both}`)).toMatchObject({
    code: 400,
    body: { message: 'specifying resource version is not allowed when using continue' },
  })
})

test('a token that is too old is answered with one that goes on with what there is now', async () => {
  const first = await list('limit=2')
  const { store } = cluster.practice.registry
  // More changes than the store remembers.
  for (let count = 0; count <= 10_000; count++)
    store.put('nosuch', { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } as never })
  await cluster.send('DELETE', `${maps}/p5`)
  const late = await cluster.send('GET', `${maps}?limit=2&continue=${first.metadata.continue}`)
  expect(late).toMatchObject({ code: 410, body: { reason: 'Expired' } })
  expect(late.body.message).toContain('The provided continue parameter is too old to display a consistent list result.')
  const { continue: token } = late.body.metadata as { continue: string }
  const rest = await list(`continue=${token}`)
  expect(names(rest)).toEqual(['p2b', 'p3', 'p4'])
  expect(Number(rest.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion) + 10_000)
})
