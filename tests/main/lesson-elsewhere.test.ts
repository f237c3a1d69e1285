// Nothing in a lesson depends on the practice cluster: other nodes, another StorageClass, no doors of ours, an account that may do less; with each kubectl.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type Connection, createConnection } from '../../electron/cluster/connection.ts'
import { accessOf, createHandle, type Handle, parseKubeconfig } from '../../electron/cluster/index.ts'
import { parseLesson } from '../../electron/lessons/index.ts'
import { verifyLesson } from '../../electron/main/commands/lesson-verify.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { writeWhole } from '../../electron/platform/files.ts'
import { createPractice } from '../../electron/practice/practice.ts'
import { versions } from '../parity/versions.ts'
import { guard } from './guard.ts'

const ids = readdirSync('manifests').filter(name => /^\d\d-/.test(name))
const lessonOf = (id: string) =>
  parseLesson(
    id,
    Object.fromEntries(readdirSync(`manifests/${id}`).map(name => [name, readFileSync(`manifests/${id}/${name}`, 'utf8')])),
  )

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A cluster behind a guard, and a kubectl of this version before it. */
const foreign = async (nodes: number, kubectl: string, account?: (connection: Connection) => Promise<string>) => {
  const folder = mkdtempSync(join(tmpdir(), 'khw-elsewhere-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const practice = await createPractice({ nodes, speed: 10 })
  ends.push(practice.stop)
  const root = createConnection(accessOf(parseKubeconfig(practice.kubeconfig, 'root'), 'root'))
  ends.push(() => root.close())
  const { kubeconfig, refused, close } = await guard(practice, await account?.(root))
  ends.push(close)
  const path = join(folder, 'kubeconfig')
  await writeWhole(path, kubeconfig)
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  symlinkSync(kubectl, join(bin, 'kubectl'))
  const access = accessOf(parseKubeconfig(kubeconfig, path), path)
  const handle = createHandle({
    id: 'elsewhere',
    access,
    kubeconfigFile: path,
    cacheFolder: join(folder, 'cache'),
    clock: realClock,
  })
  ends.push(() => handle.close())
  const verify = (id: string) =>
    verifyLesson(lessonOf(id), {
      handle,
      env: { ...process.env, ...handle.env, PATH: `${bin}:${process.env.PATH}` },
      folder: join(folder, id),
      clock: realClock,
      signal: new AbortController().signal,
    })
  return { handle, refused, verify }
}

/** As MicroK8s has it: one default class, under its own name. */
const renameClass = async ({ connection }: Handle): Promise<void> => {
  const classes = '/apis/storage.k8s.io/v1/storageclasses'
  const { items } = (await connection.json('GET', classes)) as {
    items: { metadata: { name: string; annotations: object }; provisioner: string }[]
  }
  for (const { metadata, ...rest } of items) {
    await connection.json('DELETE', `${classes}/${metadata.name}`)
    const { annotations } = metadata
    await connection.json('POST', classes, { body: { ...rest, metadata: { name: 'microk8s-hostpath', annotations } } })
  }
}

/** Where a kubectl itself cannot: its own words, on any cluster of today. */
const beyond = (id: string, version: string): RegExp | undefined =>
  id === '10-cronjob' && version.startsWith('1.20.')
    ? /wind-up\/now: .*no kind "CronJob" is registered for version "batch\/v1"/
    : undefined

/** With `npm run matrix` each kubectl at hand; else the oldest, as the one on PATH verifies them all elsewhere (lesson-verify.test.ts). */
const walkers = process.env.KHW_MATRIX === 'all' ? versions : versions.slice(0, 1)

test.each(walkers.map(each => [each.version, each.path] as const))(
  'on one node, with another StorageClass and no doors of ours: every lesson, by kubectl %s',
  async (version, kubectl) => {
    const { handle, refused, verify } = await foreign(1, kubectl)
    await renameClass(handle)
    for (const id of ids) {
      const { problem, passed } = await verify(id)
      const expected = beyond(id, version)
      if (expected) expect(problem, id).toMatch(expected)
      else expect({ problem, passed }, id).toEqual({ problem: undefined, passed: true })
    }
    expect(refused).toEqual([])
  },
  600_000,
)

/** May look at what is in namespaces, and change what is in one: not nodes, not volumes, not classes. */
const guest = async (connection: Connection): Promise<string> => {
  const post = (path: string, body: object) => connection.json('POST', path, { body })
  const accounts = '/api/v1/namespaces/default/serviceaccounts'
  const roles = '/apis/rbac.authorization.k8s.io/v1'
  const subjects = [{ kind: 'ServiceAccount', name: 'guest', namespace: 'default' }]
  const bind = (kind: string, role: string) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: `guest-${role}` },
    subjects,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  })
  await post(accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'guest' } })
  await post(`${roles}/clusterrolebindings`, bind('ClusterRoleBinding', 'view'))
  await post(`${roles}/namespaces/default/rolebindings`, bind('RoleBinding', 'edit'))
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
  const { status } = (await post(`${accounts}/guest/token`, request)) as { status: { token: string } }
  return status.token
}

test('by an account that may change one namespace only: the lessons that stay in it', async () => {
  const kubectl = versions.at(-1)!.path
  const { handle, verify } = await foreign(2, kubectl, guest)
  expect((await handle.connection.request('GET', '/api/v1/nodes')).status).toBe(403)
  expect((await handle.connection.request('DELETE', '/api/v1/namespaces/kube-system/configmaps/none')).status).toBe(403)
  for (const id of ['01-pod', '02-deployment', '05-labels']) {
    const { problem, passed } = await verify(id)
    expect({ problem, passed }, id).toEqual({ problem: undefined, passed: true })
  }
}, 200_000)
