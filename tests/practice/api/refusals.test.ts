// What fuzzing found once.

import { expect, test } from 'vitest'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()

test('namespaces go only one by one, and those of the cluster not at all', async () => {
  expect(await cluster.send('DELETE', '/api/v1/namespaces')).toMatchObject({ code: 405, body: { reason: 'MethodNotAllowed' } })
  const message = 'namespaces "default" is forbidden: this namespace may not be deleted'
  expect(await cluster.send('DELETE', '/api/v1/namespaces/default')).toMatchObject({ code: 403, body: { message } })
})

test('null among strings is the empty string', async () => {
  const object = { metadata: { name: 'nulls', annotations: { a: null, b: 'c' } }, data: { d: null } }
  const { code, body } = await cluster.send('POST', '/api/v1/namespaces/default/configmaps', object)
  expect(code).toBe(201)
  expect(body).toMatchObject({ metadata: { annotations: { a: '', b: 'c' } }, data: { d: '' } })
})
