// Would a lesson's commands work, here, now, offline: the real lessons against small clusters.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import type { KubeObject } from '../../electron/contract/cluster.ts'
import type { Lesson } from '../../electron/lessons/lesson.ts'
import { commandsOf, obstaclesOf, portsIn, type Surroundings, textsOf } from '../../electron/lessons/obstacles.ts'
import { resume } from '../../electron/lessons/ownership.ts'
import { parseLesson } from '../../electron/lessons/parse.ts'
import { emptyRecord, type LessonRecord } from '../../electron/lessons/record.ts'
import { object, pod, snapshotOf } from './objects.ts'

const open = (id: string): Lesson => {
  const files = readdirSync(`manifests/${id}`).map(name => [name, readFileSync(`manifests/${id}/${name}`, 'utf8')] as const)
  return parseLesson(id, Object.fromEntries(files))
}
const pods = open('01-pod')
const deployment = open('02-deployment')
const service = open('03-service')

const look = (
  lesson: Lesson,
  where: { task?: string; action?: string } = {},
  change: Partial<Surroundings> & { objects?: KubeObject[]; kept?: LessonRecord } = {},
) => {
  const { objects = [], kept = emptyRecord, ...rest } = change
  const snapshot = snapshotOf(...objects)
  const commands = commandsOf(lesson, where)
  const found = obstaclesOf(lesson, commands, {
    snapshot,
    record: resume(lesson, kept, snapshot),
    isShownBefore: () => false,
    images: [],
    ports: portsIn(textsOf(lesson, commands)),
    isTaken: () => false,
    ...rest,
  })
  return found.map(({ id, facts, isSure }) => [id, isSure, ...Object.values(facts)])
}

describe('nothing stands in the way', () => {
  test.each([pods, deployment, service])('of $id from its beginning, on an empty cluster', lesson => {
    expect(look(lesson)).toEqual([])
  })
})

describe('objects', () => {
  it('of somebody else are in the way', () => {
    expect(look(deployment, {}, { objects: [object('Deployment', 'openresty')] })).toEqual([
      ['inTheWay', true, 'deployment/openresty'],
    ])
  })

  it('that are on their way out are not', () => {
    expect(look(deployment, {}, { objects: [object('Deployment', 'openresty', { leaving: true })] })).toEqual([])
  })

  it('that the lesson left are an attempt half done', () => {
    const own = object('Deployment', 'openresty', { uid: 'ours' })
    const kept: LessonRecord = { ...emptyRecord, before: [], own: ['ours'], marks: [{ label: 'apply', at: 1 }] }
    expect(look(deployment, {}, { objects: [own], kept })).toEqual([['halfDone', true, '02', 'deployment/openresty']])
  })

  it('that are gone leave old ticks only', () => {
    const [first] = deployment.tasks
    const kept: LessonRecord = { ...emptyRecord, before: [], own: [], done: [first?.id ?? ''] }
    expect(look(deployment, {}, { kept })).toEqual([['halfDone', false, '02', '']])
    expect(look(deployment, {}, { kept: { ...kept, done: deployment.tasks.map(({ id }) => id) } })).toEqual([])
  })
})

describe('steps before', () => {
  const later = { task: 'cluster-ip', action: 'endpoints' }
  const [missing] = look(service, later)

  it('are needed where nobody takes them', () => {
    expect(missing).toEqual(['needsBefore', false, 'kubectl apply -f openresty-service.yaml'])
  })

  it('are not where an earlier slide does, or has done', () => {
    expect(look(service, later, { isShownBefore: () => true })).toEqual([])
    const done = Object.fromEntries(
      commandsOf(service, {}).map(({ task, action }) => [`${task}/${action.id}`, { state: 'done' as const }]),
    )
    const kept: LessonRecord = { ...emptyRecord, before: [], own: [], actions: done, done: service.tasks.map(({ id }) => id) }
    expect(look(service, later, { kept })).toEqual([])
  })
})

describe('images', () => {
  it('are named in what the commands use, and in what leads to them', () => {
    expect(textsOf(service, commandsOf(service, { task: 'cluster-ip' })).join('\n')).toMatch(
      /busybox[\s\S]*|openresty\/openresty:alpine/,
    )
    expect(textsOf(service, commandsOf(service, { task: 'stage', action: 'apply' }))).toHaveLength(1)
  })

  test.each([
    ['no', [['imageMissing', true, 'redis']]],
    ['unsure', [['imageUnsure', false, 'redis']]],
    ['idle', [['imageIdle', false, 'redis']]],
    ['yes', []],
  ] as const)('that the nodes have: %s', (presence, told) => {
    expect(look(pods, {}, { images: [{ name: 'redis', presence }] })).toEqual(told)
  })
})

describe('ports', () => {
  it('are those of the nodes: of Pods on their network, and fixed ones of Services', () => {
    expect(portsIn(textsOf(pods, commandsOf(pods, {})))).toEqual({ host: [80], node: [] })
    expect(portsIn(textsOf(service, commandsOf(service, {})))).toEqual({ host: [], node: [30_080] })
    expect(portsIn(['kind: Pod\nspec: {containers: [{ports: [{containerPort: 80, hostPort: 8080}]}]}'])).toEqual({
      host: [8080],
      node: [],
    })
  })

  it('may be another program’s, on this machine', () => {
    const asked: [number, string][] = []
    const isTaken = (port: number, by: 'pod' | 'service') => {
      asked.push([port, by])
      return true
    }
    expect(look(pods, {}, { isTaken })).toEqual([['portTaken', true, 80]])
    expect(look(service, {}, { isTaken })).toEqual([['portTaken', true, 30_080]])
    expect(asked).toEqual([
      [80, 'pod'],
      [30_080, 'service'],
    ])
  })

  it('that the cluster itself holds are not another program’s', () => {
    const spec = { hostNetwork: true, containers: [{ ports: [{ containerPort: 80 }] }] }
    expect(look(pods, {}, { isTaken: () => true, objects: [pod('proxy', { spec })] })).toEqual([])
  })

  it('may belong to another Service, which the cluster refuses', () => {
    const other = object('Service', 'shop', { namespace: 'mall', spec: { ports: [{ port: 80, nodePort: 30_080 }] } })
    expect(look(service, {}, { isTaken: () => true, objects: [other] })).toEqual([['portHeld', true, 30_080, 'mall/shop']])
  })
})

it('tells what is sure to fail first', () => {
  const told = look(
    service,
    { task: 'fixed-port' },
    {
      images: [
        { name: 'a', presence: 'unsure' },
        { name: 'b', presence: 'no' },
      ],
    },
  )
  expect(told.map(([id, isSure]) => `${id} ${isSure}`)).toEqual(['imageMissing true', 'imageUnsure false', 'needsBefore false'])
})
