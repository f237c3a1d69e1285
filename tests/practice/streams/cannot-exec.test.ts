import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kubectls } from '../../../build/kubectls.ts'
import { clusterForTests } from '../api/harness.ts'

const cluster = clusterForTests()
const pods = '/api/v1/namespaces/default/pods'
const all = await kubectls()

describe.each(all)('kubectl $version', ({ version, path }) => {
  const run = (...args: string[]): Promise<{ code: number; err: string }> =>
    new Promise(resolve => {
      const { folder } = cluster
      const env = {
        ...process.env,
        KUBECONFIG: join(folder, 'config'),
        KUBECACHEDIR: join(folder, `cache-${version}`),
        HOME: folder,
      }
      execFile(path, args, { env, timeout: 15_000 }, (error, _, err) => resolve({ code: error ? Number(error.code) : 0, err }))
    })

  test('tells which program a container does not have', async () => {
    const name = `p${version.replaceAll('.', '-')}`
    const watch = cluster.watch(`${pods}?watch=1&fieldSelector=metadata.name=${name}`)
    const containers = [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '86400'] }]
    await cluster.send('POST', pods, { metadata: { name }, spec: { containers } })
    for (;;) if (((await watch.next()).object.status as { phase?: string } | undefined)?.phase === 'Running') break
    watch.close()
    const { code, err } = await run('exec', name, '--', 'nosuch')
    expect(code).toBe(1)
    // What comes by WebSocket, since 1.30, is told twice by a real server too.
    const prefix = Number(version.split('.')[1]) >= 30 ? 'Internal error occurred: ' : ''
    expect(err.replace(/"[\da-f]{64}"/, '"<id>"')).toBe(
      `error: ${prefix}Internal error occurred: error executing command in container: failed to exec in container: ` +
        'failed to start exec "<id>": OCI runtime exec failed: exec failed: unable to start container process: ' +
        'exec: "nosuch": executable file not found in $PATH\n',
    )
    await cluster.send('DELETE', `${pods}/${name}?gracePeriodSeconds=0`)
  })
})
