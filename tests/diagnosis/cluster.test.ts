// Every trouble that a practice cluster can be brought into: named while it lasts, and not before or after.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { type Connection, createConnection } from '../../electron/cluster/connection.ts'
import { createFeed, type Feed } from '../../electron/cluster/feed.ts'
import { pathOf } from '../../electron/cluster/kinds.ts'
import { accessOf, parseKubeconfig } from '../../electron/cluster/kubeconfig.ts'
import { emptySnapshot, type Snapshot } from '../../electron/cluster/snapshot.ts'
import type { Kind, KubeObject } from '../../electron/contract/cluster.ts'
import type { Diagnosis } from '../../electron/contract/diagnosis.ts'
import { diagnose, diagnoseAll, diagnosisKinds } from '../../electron/diagnosis/diagnose.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { createPractice, type Practice } from '../../electron/practice/practice.ts'
import { troubles } from './troubles.ts'

let practice: Practice
let connection: Connection
let feed: Feed
let snapshot: Snapshot = emptySnapshot
const waiting = new Set<() => void>()

beforeAll(async () => {
  practice = await createPractice({ speed: 20 })
  connection = createConnection(accessOf(parseKubeconfig(practice.kubeconfig, 'practice'), 'practice'))
  feed = createFeed(connection, { clock: realClock, random: Math.random })
  feed.subscribe(diagnosisKinds, event => {
    snapshot = event.snapshot
    for (const look of [...waiting]) look()
  })
})
afterAll(async () => {
  feed.close()
  await practice.stop()
})

/** Looks at each change until it holds. */
const until = (holds: () => boolean, say: () => unknown, ms = 25_000) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(look)
      reject(new Error(`never came true: ${JSON.stringify(say())}`))
    }, ms)
    const look = () => {
      if (!holds()) return
      clearTimeout(timer)
      waiting.delete(look)
      resolve()
    }
    waiting.add(look)
    look()
  })

const plurals: Record<string, string> = {
  ServiceAccount: '/api/v1/namespaces/{}/serviceaccounts',
  Secret: '/api/v1/namespaces/{}/secrets',
}
const place = (kind: string, namespace: string, name?: string): string =>
  plurals[kind]?.replace('{}', namespace) ?? pathOf(kind as Kind, namespace, name)

const apply = async (text: string, namespace: string) => {
  for (const document of parseAllDocuments(text)) {
    const object = document.toJS() as KubeObject
    await connection.json('POST', place(object.kind, namespace), { body: object })
  }
}
const patch = ({ of, body }: { of: string; body: object }, namespace: string) => {
  const [kind = '', name = ''] = of.split('/')
  return connection.json('PATCH', place(kind, namespace, name), { body })
}
const find = (of: string, namespace: string): KubeObject | undefined => {
  const [kind, name] = of.split('/')
  return (snapshot.get(kind as Kind) ?? []).find(
    ({ metadata }) => metadata.name === name && (metadata.namespace ?? namespace) === namespace,
  )
}

const namespaceOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .slice(0, 50)
    .replace(/-$/, '')

test.concurrent.each(troubles.map(trouble => [trouble.cause, trouble.name, trouble] as const))(
  '%s: %s',
  { timeout: 60_000 },
  async (cause, name, trouble) => {
    const namespace = namespaceOf(`${cause}-${name}`)
    await connection.json('POST', pathOf('Namespace'), {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    })
    await apply(trouble.apply, namespace)
    if (cause === 'deletion.finalizer') {
      await until(
        () => find(trouble.of, namespace) !== undefined,
        () => trouble.of,
      )
      expect(diagnose(find(trouble.of, namespace) as KubeObject, snapshot)).toBeUndefined()
      const [kind = '', object = ''] = trouble.of.split('/')
      await connection.json('DELETE', place(kind, namespace, object))
    }
    const ask = (): Diagnosis | undefined => {
      const object = find(trouble.of, namespace)
      return object && diagnose(object, snapshot)
    }
    await until(
      () => ask()?.cause === cause,
      () => ask() ?? find(trouble.of, namespace),
    )
    const told = ask() as Diagnosis
    expect(told.facts).toMatchObject(trouble.facts ?? {})
    expect(told.evidence.every(({ text }) => text !== '')).toBe(true)
    expect(told.next.length).toBeGreaterThan(0)
    for (const { command } of told.next) expect(command).toMatch(/^kubectl /)
    if (told.subject.kind === 'Pod') expect(told.life.filter(({ state }) => state === 'failed').length).toBeLessThan(2)
    expect(diagnoseAll(snapshot).some(each => each.cause === cause)).toBe(true)

    if (trouble.patch) await patch(trouble.patch, namespace)
    if (trouble.mend) await apply(trouble.mend, trouble.mend.includes('kind: PersistentVolume\n') ? '' : namespace)
    if (trouble.patch || trouble.mend) await until(() => ask() === undefined, ask)
  },
)
