// The cluster's diagnoses and acts end to end without a page: a real practice process, a real shell in a real pty, a real kubectl.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clusters } from '../../electron/cluster/index.ts'
import type { Look } from '../../electron/contract/cluster.ts'
import type { Diagnosis } from '../../electron/contract/diagnosis.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { readText } from '../../electron/platform/files.ts'
import { createKubectlFinder } from '../../electron/platform/kubectl.ts'
import { createClusterService } from '../../electron/services/cluster.ts'
import { createTerminalService, type TerminalService } from '../../electron/services/terminal.ts'
import { first, kubectlOn, practiceClusters } from './practice-clusters.ts'

let folder: string
let clusters: Clusters
let terminal: TerminalService
let service: ReturnType<typeof createClusterService>
let kubectlPath: string
const stop = { signal: new AbortController().signal }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khw-cluster-service-'))
  clusters = practiceClusters(folder)
  const kubectl = await createKubectlFinder()()
  kubectlPath = kubectl?.path ?? ''
  terminal = createTerminalService({
    shellFiles: resolve('resources/shell'),
    shell: '/bin/bash',
    kubectl: async () => kubectl ?? null,
    missingKubectl: () => 'no kubectl',
    // A home of its own: what stands in the developer's .bashrc is no part of the test.
    environment: async () => ({
      env: { ...(await clusters.ready()).env, HOME: folder },
      cwd: folder,
      cluster: clusters.targets().current,
    }),
  })
  service = createClusterService({ clusters, clock: realClock, terminal })
  await clusters.use('practice')
  await clusters.ready()
})
afterEach(async () => {
  terminal.closeAll()
  await clusters.close()
  rmSync(folder, { recursive: true, force: true })
})

const kubectl = (...args: string[]): Promise<string> => kubectlOn(clusters, kubectlPath, ...args)
const troubles = (fits: (all: Diagnosis[]) => boolean) => first(signal => service.diagnoses({}, { signal }), fits)
const look = (uid: string, fits: (look: Look) => boolean) => first(signal => service.look({ uid }, { signal }), fits)
const uidOf = async (...object: string[]): Promise<string> =>
  (await kubectl('get', ...object, '-o', 'jsonpath={.metadata.uid}')).trim()

test('a broken image is told, looked at from its Deployment, mended by its own command, and told no more', async () => {
  await kubectl('create', 'deployment', 'web', '--image=openresty/openresty:alpine', '--replicas=2')
  await kubectl('rollout', 'status', 'deployment/web')
  expect(await troubles(() => true)).toEqual([])
  await kubectl('set', 'image', 'deployment/web', 'openresty=openresty/openresty:nosuch')
  const [told] = await troubles(all => all.length > 0)
  expect(told).toMatchObject({ cause: 'image.notFound', subject: { kind: 'Pod' }, facts: { tag: 'nosuch' } })
  const uid = await uidOf('deployment', 'web')
  const { trouble } = await look(uid, ({ trouble }) => trouble !== null)
  expect(trouble).toMatchObject({ subject: told!.subject, next: [{ command: 'kubectl rollout undo deployment/web' }, {}, {}] })
  const { id } = await terminal.open({ cols: 100, rows: 10 }, stop)
  const { subject, cause } = trouble!
  await service.act({ uid: subject.uid, cause, index: 0, terminal: id }, stop)
  await troubles(all => all.length === 0)
  await look(uid, each => each.trouble === null)
  // what it was is over: the same click does nothing now
  await expect(service.act({ uid: subject.uid, cause, index: 0, terminal: id }, stop)).rejects.toMatchObject({
    code: 'diagnosis.gone',
  })
  await expect(service.act({ uid, cause, index: 9, terminal: id }, stop)).rejects.toMatchObject({ code: 'diagnosis.gone' })
})

test('a command whose end the learner must choose is typed without Enter', async () => {
  await kubectl('run', 'lone', '--image=nginx:nosuch')
  const uid = await uidOf('pod', 'lone')
  await look(uid, ({ trouble }) => trouble?.cause === 'image.notFound')
  const { id } = await terminal.open({ cols: 100, rows: 10 }, stop)
  await service.act({ uid, cause: 'image.notFound', index: 0, terminal: id }, stop)
  const typed = 'kubectl set image pod/lone lone=nginx:'
  let screen = ''
  for await (const event of terminal.output({ id }, { signal: AbortSignal.timeout(10_000) })) {
    if (event.type !== 'exit') screen += Buffer.from(event.bytes).toString()
    if (screen.includes(typed)) break
  }
  expect(screen).toContain(typed)
  expect(screen).not.toContain(`${typed}TAG`)
  for await (const commands of terminal.commands({ id }, { signal: AbortSignal.timeout(300) })) expect(commands).toEqual([])
})

test('a Pod on its way shows how far it is, and one that is Ready shows all of it', async () => {
  await kubectl('run', 'web', '--image=openresty/openresty:alpine')
  const uid = await uidOf('pod', 'web')
  const { life, trouble } = await look(uid, ({ life }) => life.length > 0 && life.every(({ state }) => state === 'done'))
  expect(life.map(({ stage }) => stage)).toEqual(['created', 'scheduled', 'pulled', 'started', 'ready'])
  expect(trouble).toBeNull()
})

test('a Service whose Pods are just starting is no trouble; one that finds none is, after a moment', async () => {
  await kubectl('create', 'deployment', 'web', '--image=openresty/openresty:alpine')
  const causes = new Set<string>()
  const watching = new AbortController()
  const watch = (async () => {
    for await (const all of service.diagnoses({}, { signal: watching.signal })) for (const { cause } of all) causes.add(cause)
  })()
  await kubectl('expose', 'deployment', 'web', '--port=80')
  await kubectl('rollout', 'restart', 'deployment/web')
  await kubectl('rollout', 'status', 'deployment/web')
  expect([...causes]).toEqual([])
  await kubectl('expose', 'deployment', 'web', '--port=80', '--name=lost', '--selector=app=nobody')
  await troubles(all => all.some(({ cause }) => cause === 'service.noMatch'))
  watching.abort()
  await watch
})

test('an object as YAML, without what only the server writes for itself', async () => {
  await kubectl('create', 'configmap', 'words', '--from-literal=hello=world')
  const { text } = await service.yaml({ kind: 'ConfigMap', namespace: 'default', name: 'words' }, stop)
  expect(text).toMatch(/^ {2}hello: world$/m)
  expect(text).not.toContain('managedFields')
  const missing = service.yaml({ kind: 'ConfigMap', namespace: 'default', name: 'none' }, stop)
  await expect(missing).rejects.toMatchObject({ code: 'cluster.refused' })
})

test('only the life that was meant is deleted; on a cluster that is not practice, only after its name was typed', async () => {
  const wish = (cluster: string, uid: string, confirm?: string) =>
    service.delete({ cluster, kind: 'ConfigMap', namespace: 'default', name: 'words', uid, ...(confirm && { confirm }) }, stop)
  const make = async () => {
    await kubectl('create', 'configmap', 'words')
    return uidOf('configmap', 'words')
  }
  const uid = await make()
  await expect(wish('practice', 'another-life')).rejects.toMatchObject({ code: 'cluster.refused' })
  await expect(wish('context:elsewhere', uid)).rejects.toMatchObject({ code: 'cluster.unknown' })
  await wish('practice', uid)
  expect(await kubectl('get', 'configmap', 'words', '--ignore-not-found')).toBe('')

  // The same cluster, met as one of the user's own contexts.
  const { env } = await clusters.ready()
  const practice = (await readText(env.KUBECONFIG ?? '')) ?? ''
  writeFileSync(
    join(folder, 'user'),
    practice.replaceAll(/name: practice|(cluster|user|current-context): practice/g, words => words.replace('practice', 'own')),
  )
  await clusters.refresh()
  await clusters.use('context:own')
  await clusters.ready()
  const again = await make()
  await expect(wish('context:own', again)).rejects.toMatchObject({ code: 'cluster.unconfirmed' })
  await expect(wish('context:own', again, 'word')).rejects.toMatchObject({ code: 'cluster.unconfirmed' })
  expect(await kubectl('get', 'configmap', 'words', '-o', 'name')).toContain('words')
  await wish('context:own', again, 'words')
  expect(await kubectl('get', 'configmap', 'words', '--ignore-not-found')).toBe('')
  // a command for this cluster does not run in a terminal of another one
  await clusters.use('practice')
  const { id } = await terminal.open({ cols: 80, rows: 5 }, stop)
  await clusters.use('context:own')
  const enter = service.enter({ namespace: 'default', pod: 'web', by: 'exec', terminal: id }, stop)
  await expect(enter).rejects.toMatchObject({ code: 'lesson.elsewhere' })
  const trick = service.enter({ namespace: 'default', pod: 'web; rm x', by: 'exec', terminal: id }, stop)
  await expect(trick).rejects.toMatchObject({ code: 'request.invalid' })
})
