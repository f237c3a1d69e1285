import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kubectls } from '../../../build/kubectls.ts'
import { clusterForTests } from '../api/harness.ts'

const cluster = clusterForTests()
const all = await kubectls()
const file = join(import.meta.dirname, 'crontabs.yaml')
const tab = (spec: object = {}) => ({
  apiVersion: 'stable.example.com/v1',
  kind: 'CronTab',
  metadata: { name: 'mine' },
  spec: { cronSpec: '* * * * */5', ...spec },
})

describe.each(all)('kubectl $version', ({ version, path }) => {
  const run = (...args: string[]): Promise<{ code: number; out: string }> =>
    new Promise(resolve => {
      const { folder } = cluster
      const env = {
        ...process.env,
        KUBECONFIG: join(folder, 'config'),
        KUBECACHEDIR: join(folder, `cache-${version}`),
        HOME: folder,
      }
      execFile(path, args, { env, timeout: 15_000 }, (error, stdout, stderr) =>
        resolve({ code: error ? 1 : 0, out: stdout + stderr }),
      )
    })

  test('defines, explains, applies, lists, scales and deletes', { timeout: 60_000 }, async () => {
    expect((await run('apply', '-f', file)).out).toContain('crontabs.stable.example.com created')
    expect((await run('wait', '--for=condition=Established', 'crd/crontabs.stable.example.com')).code).toBe(0)
    const manifest = join(cluster.folder, 'tab.json')
    writeFileSync(manifest, JSON.stringify(tab()))
    expect((await run('apply', '-f', manifest)).out).toContain('crontab.stable.example.com/mine created')
    writeFileSync(manifest, JSON.stringify(tab({ replicas: 2 })))
    expect((await run('apply', '-f', manifest)).out).toContain('crontab.stable.example.com/mine configured')
    const table = (await run('get', 'ct', '-owide')).out.split('\n')
    expect(table[0]).toMatch(/^NAME +SPEC +REPLICAS +READY +IMAGE +AGE$/)
    expect(table[1]).toMatch(/^mine +\* \* \* \* \*\/5 +2 +busybox:1.36 +\d+s$/)
    expect((await run('scale', 'ct/mine', '--replicas=4')).out).toContain('scaled')
    expect((await run('get', 'ct', 'mine', '-ojsonpath={.spec.replicas}')).out).toBe('4')
    expect((await run('explain', 'crontabs.spec.cronSpec')).out).toContain('When it runs.')
    expect((await run('get', 'all')).out).toContain('crontab.stable.example.com/mine')
    expect((await run('patch', 'ct', 'mine', '-p', '{}')).out).toContain(
      'application/merge-patch+json, application/apply-patch+yaml',
    )
    expect((await run('delete', '-f', file)).out).toContain('deleted')
    expect((await run('get', 'crd')).out).not.toContain('crontabs.stable')
  })
})
