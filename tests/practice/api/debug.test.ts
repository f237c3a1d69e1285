import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kubectls } from '../../../build/kubectls.ts'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const pods = '/api/v1/namespaces/default/pods'
const strategic = { 'content-type': 'application/strategic-merge-patch+json' }
// 1.20 speaks an alpha form that servers no longer know.
const able = (await kubectls()).filter(({ version }) => Number(version.split('.')[1]) >= 25)

/** A Pod that runs. */
const running = async (name: string) => {
  const watch = cluster.watch(`${pods}?watch=1&fieldSelector=metadata.name=${name}`)
  const containers = [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '86400'] }]
  await cluster.send('POST', pods, { metadata: { name }, spec: { terminationGracePeriodSeconds: 0, containers } })
  const until = async (is: (pod: { status?: Record<string, never> }) => boolean) => {
    for (;;) {
      const { object } = await watch.next()
      if (is(object as never)) return object
    }
  }
  await until(({ status }) => status?.phase === 'Running')
  return { until, close: () => watch.close() }
}

describe('ephemeral containers', () => {
  test('join a running Pod, run once, and are told apart in its status', async () => {
    const { until, close } = await running('web')
    const joined = { spec: { ephemeralContainers: [{ name: 'look', image: 'busybox:1.36', command: ['true'] }] } }
    const patched = await cluster.send('PATCH', `${pods}/web/ephemeralcontainers`, joined, strategic)
    expect(patched).toMatchObject({ code: 200, body: { metadata: { generation: 2 } } })
    const ended = await until(
      ({ status }) =>
        (status?.ephemeralContainerStatuses as unknown as { state: { terminated?: object } }[] | undefined)?.some(
          each => each.state.terminated,
        ) ?? false,
    )
    expect(ended).toMatchObject({
      status: {
        phase: 'Running',
        containerStatuses: [{ name: 'main', ready: true }],
        ephemeralContainerStatuses: [{ name: 'look', ready: false, restartCount: 0, state: { terminated: { exitCode: 0 } } }],
      },
    })
    close()
  })

  test('are only added, and only by their own door', async () => {
    const { close } = await running('shut')
    close()
    const join = (container: object) =>
      cluster.send('PATCH', `${pods}/shut/ephemeralcontainers`, { spec: { ephemeralContainers: [container] } }, strategic)
    expect(await join({ name: 'main', image: 'busybox' })).toMatchObject({
      code: 422,
      body: { message: 'Pod "shut" is invalid: spec.ephemeralContainers[0].name: Duplicate value: "main"' },
    })
    expect((await join({ name: 'x', image: 'busybox', targetContainerName: 'nosuch' })).body.message).toBe(
      'Pod "shut" is invalid: spec.ephemeralContainers[0].targetContainerName: Not found: "nosuch"',
    )
    expect((await join({ name: 'x', image: 'busybox', ports: [{ containerPort: 80 }] })).body.message).toContain(
      'ports: Forbidden: cannot be set for an Ephemeral Container',
    )
    expect((await join({ name: 'x', image: 'busybox:1.36' })).code).toBe(200)
    expect((await join({ name: 'x', image: 'busybox:1.37' })).body.message).toBe(
      'Pod "shut" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "x" may not be changed',
    )
    const direct = { spec: { ephemeralContainers: [{ name: 'y', image: 'busybox' }] } }
    expect((await cluster.send('PATCH', `${pods}/shut`, direct, strategic)).code).toBe(422)
    const resources = (await cluster.send('GET', '/api/v1')).body.resources as { name: string; verbs: string[] }[]
    expect(resources.find(({ name }) => name === 'pods/ephemeralcontainers')?.verbs).toEqual(['get', 'patch', 'update'])
  })
})

describe.each(able)('kubectl $version', ({ version, path }) => {
  const run = (input: string, ...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const { folder } = cluster
      const env = {
        ...process.env,
        KUBECONFIG: join(folder, 'config'),
        KUBECACHEDIR: join(folder, `cache-${version}`),
        HOME: folder,
      }
      const child = spawn(path, args, { env, timeout: 20_000 })
      let text = ''
      child.stdout.on('data', data => (text += data))
      child.stderr.on('data', data => (text += data))
      child.on('close', (_code, signal) =>
        signal ? reject(new Error(`kubectl ${args[0]} did not end: ${text}`)) : resolve(text),
      )
      child.stdin.end(input)
    })

  // kubectl debug leaves a container's input open for the next who attaches: only the shell itself ends the session.
  test('debugs a Pod from within, a copy of it, and a node', { timeout: 60_000 }, async () => {
    const name = `p${version.replaceAll('.', '-')}`
    const { close } = await running(name)
    close()
    const inside = await run(
      'echo on $(hostname)\nexit\n',
      'debug',
      '-i',
      name,
      '--image=busybox:1.36',
      '--target=main',
      '--',
      'sh',
    )
    expect(inside).toContain(`on ${name}`)
    const copied = await run(
      '',
      'debug',
      name,
      `--copy-to=${name}-copy`,
      '--image=busybox:1.36',
      '-c',
      'look',
      '--',
      'sleep',
      '9',
    )
    expect(copied).not.toContain('rror')
    const copy = (await cluster.send('GET', `${pods}/${name}-copy`)).body as { spec?: { containers: { name: string }[] } }
    expect(copy.spec?.containers.map(each => each.name)).toEqual(['main', 'look'])
    const node = await run('cat /etc/hostname\nexit\n', 'debug', '-i', 'node/node1', '--image=busybox:1.36', '--', 'sh')
    expect(node).toContain('on node node1')
    await cluster.send('DELETE', `${pods}/${name}-copy?gracePeriodSeconds=0`)
    await cluster.send('DELETE', `${pods}/${name}?gracePeriodSeconds=0`)
  })
})
