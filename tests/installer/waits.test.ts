import { describe, expect, it } from 'vitest'
import { awaitSnapd, followChange, settleSnaps } from '../../electron/installer/follow.ts'
import type { Machine } from '../../electron/installer/machine.ts'
import type { RunContext, RunEvent } from '../../electron/installer/run-context.ts'
import { waitImages, waitPods, waitReady } from '../../electron/installer/waits.ts'
import type { Clock } from '../../electron/platform/clock.ts'
import { fakeMachine, type Table } from './fake-machine.ts'

/** Time that passes only when somebody sleeps. */
const fakeClock = (): Clock => {
  let now = 1_000_000
  return {
    now: () => now,
    sleep: async ms => {
      now += ms
    },
  }
}
const setting = (machine: Machine, parts: Partial<RunContext> = {}) => {
  const events: RunEvent[] = []
  const clock = fakeClock()
  const context = {
    machine,
    clock,
    job: () => ({ channel: '1.35/stable', online: false, passed: new Set(), made: new Set() }),
    stop: { asked: false, signal: new AbortController().signal },
    tell: (event: RunEvent) => events.push(event),
    ...parts,
  } as unknown as RunContext
  return { context, events, clock }
}
const change = (parts: object) => ({
  id: '7',
  kind: 'install-snap',
  summary: 'Install "microk8s"',
  status: 'Doing',
  ready: false,
  tasks: [],
  ...parts,
})
const answers = (...results: ({ status: number; result: unknown } | undefined)[]): Machine => ({
  ...fakeMachine(),
  snapd: async () => (results.length > 1 ? results.shift() : results[0]) ?? { status: 0, result: 'ECONNREFUSED' },
})
const ok = (result: unknown) => ({ status: 200, result })

describe('a change of snapd', () => {
  it('is followed through a restart of snapd', async () => {
    const silent = Array<undefined>(300).fill(undefined)
    const tasks = [{ kind: 'mount-snap', summary: 'Mount', status: 'Doing' }]
    const { context, events } = setting(answers(ok(change({ tasks })), ...silent, ok(change({ status: 'Done', ready: true }))))
    await followChange(context, '7')
    expect(events.map(({ type }) => type)).toEqual(['progress', 'wait', 'wait-over', 'progress'])
    expect(events[0]).toMatchObject({ done: 0, total: 1, label: 'Mount' })
    expect(events[1]).toMatchObject({ code: 'snapd' })
  })
  it('is given up when snapd stays silent', async () => {
    const { context, clock } = setting(answers(undefined))
    const startedAt = clock.now()
    await expect(followChange(context, '7')).rejects.toMatchObject({ code: 'setup.snapdSilent' })
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(60_000)
  })
  it('that snapd took back says why', async () => {
    const err =
      'cannot perform the following tasks:\n- Run install hook of "microk8s" snap if present (run hook "install": no /dev/kmsg)'
    const { context } = setting(answers(ok(change({ status: 'Error', ready: true, err }))))
    await expect(followChange(context, '7')).rejects.toMatchObject({
      code: 'setup.snapHook',
      details: { words: expect.stringContaining('/dev/kmsg') },
    })
  })
  it('that is under way when we come is waited for, however it ends', async () => {
    const asked: string[] = []
    const machine: Machine = {
      ...fakeMachine(),
      snapd: async path => {
        asked.push(path)
        return path.includes('select=')
          ? ok(path.endsWith('microk8s') ? [change({})] : [])
          : ok(change({ status: 'Error', ready: true, err: 'x' }))
      },
    }
    const { context, events } = setting(machine)
    await settleSnaps(context, ['core22', 'microk8s'])
    expect(events.map(({ type }) => type)).toEqual(['wait', 'progress', 'wait-over'])
    expect(asked).toEqual([
      '/v2/changes?select=in-progress&for=core22',
      '/v2/changes?select=in-progress&for=microk8s',
      '/v2/changes/7',
    ])
  })
})

describe('snapd that is silent', () => {
  const there = { files: { '/usr/lib/snapd/snapd': 'x' } }
  it('is waited for while it starts anew', async () => {
    const machine = { ...answers(undefined, undefined, ok({})), info: fakeMachine(there).info }
    const { context, events } = setting(machine)
    await awaitSnapd(context)
    expect(events.map(({ type }) => type)).toEqual(['wait', 'wait-over'])
  })
  it('is not waited for where there is none, and not for ever', async () => {
    const none = setting(answers(undefined))
    await awaitSnapd(none.context)
    expect(none.events).toEqual([])
    const dead = setting({ ...answers(undefined), info: fakeMachine(there).info })
    const startedAt = dead.clock.now()
    await awaitSnapd(dead.context)
    expect(dead.clock.now() - startedAt).toBeGreaterThan(60_000)
  })
})

describe('a wait', () => {
  const list = (...items: object[]) => ({ stdout: JSON.stringify({ items }) })
  const starting = {
    'look-status': { stdout: 'microk8s is not running. Use microk8s inspect for a deeper inspection.\n', code: 1 },
  }
  const route = { '/proc/net/route': 'Iface\tDestination\tGateway\neth0\t00000000\t0101A8C0\n' }
  const table = (parts: Table): Table => ({
    files: route,
    snapd: { '/v2/apps?names=microk8s&select=service': [] },
    root: starting,
    ...parts,
  })
  const coredns = {
    metadata: { name: 'coredns-1', namespace: 'kube-system' },
    status: {
      phase: 'Pending',
      containerStatuses: [
        {
          ready: false,
          image: 'docker.io/coredns/coredns:1.13.1',
          state: {
            waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "docker.io/coredns/coredns:1.13.1"' },
          },
        },
      ],
    },
  }

  it('has an end, and names what was in the way', async () => {
    const { context, events, clock } = setting(
      fakeMachine(
        table({
          root: { ...starting, 'look-objects pods': list(coredns), 'look-objects events': list(), 'look-objects nodes': list() },
        }),
      ),
    )
    const startedAt = clock.now()
    await expect(waitReady(context)).rejects.toMatchObject({
      code: 'stall.image',
      details: { image: 'docker.io/coredns/coredns:1.13.1', seconds: 600 },
    })
    expect(clock.now() - startedAt).toBeGreaterThan(600_000)
    // Named once, and not again and again.
    expect(events).toEqual([
      { type: 'wait', code: 'image', facts: expect.objectContaining({ pods: 1 }), since: expect.any(Number) },
    ])
  })
  it.each<[string, string, Table]>([
    ['stall.route', 'no default route', { files: { '/proc/net/route': 'Iface\tDestination\n' } }],
    [
      'stall.service',
      'a dead service',
      {
        snapd: {
          '/v2/apps?names=microk8s&select=service': [
            { name: 'daemon-kubelite', enabled: true, active: false },
            { name: 'daemon-etcd', enabled: false },
          ],
        },
      },
    ],
    ['stall.stopped', 'it was stopped', { root: { 'look-status': { stdout: 'microk8s is not running, try microk8s start\n' } } }],
    ['stall.unknown', 'the API server is silent', {}],
  ])('%s: %s', async (code, _, parts) => {
    await expect(waitReady(setting(fakeMachine(table(parts))).context)).rejects.toMatchObject({ code })
  })
  it('counts Pods', async () => {
    const ready = (name: string) => ({
      metadata: { name, namespace: 'kube-system' },
      status: { phase: 'Running', containerStatuses: [{ ready: true }] },
    })
    const names = ['calico-node-1', 'calico-kube-controllers-1', 'coredns-1', 'hostpath-provisioner-1']
    let looks = 0
    const machine: Machine = {
      ...fakeMachine(table({})),
      root: async () => ({ code: 0, stderr: '', ...list(...names.slice(0, looks++).map(ready)) }),
    }
    const { context, events } = setting(machine)
    await waitPods(context)
    expect(events.flatMap(event => (event.type === 'progress' ? [`${event.done}/${event.total}`] : []))).toEqual([
      '0/4',
      '1/4',
      '2/4',
      '3/4',
      '4/4',
    ])
  })
  it('ends at once when somebody asks to stop', async () => {
    const stopping = AbortSignal.abort()
    const { context } = setting(fakeMachine(table({})), { stop: { asked: true, signal: stopping } })
    await expect(waitReady(context)).rejects.toMatchObject({ code: 'setup.stopped' })
  })
  it('ends at once on a wish to stop, even where nobody answers any more', async () => {
    const stopping = new AbortController()
    const machine: Machine = { ...fakeMachine(table({})), root: () => new Promise(() => {}) }
    const { context } = setting(machine, { stop: { asked: true, signal: stopping.signal } })
    setTimeout(() => stopping.abort(), 20)
    await expect(waitReady(context)).rejects.toMatchObject({ code: 'setup.stopped' })
  })
  it('for images is none without a bundle', async () => {
    await waitImages(setting(fakeMachine()).context)
  })
})
