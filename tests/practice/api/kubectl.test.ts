import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Kubectl, kubectls } from '../../../build/kubectls.ts'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const all = await kubectls()

interface Outcome {
  code: number
  stdout: string
  stderr: string
}

const runner =
  ({ path, version }: Kubectl) =>
  (...args: string[]): Promise<Outcome> =>
    new Promise(resolve => {
      const { folder } = cluster
      const env = {
        ...process.env,
        KUBECONFIG: join(folder, 'config'),
        KUBECACHEDIR: join(folder, `cache-${version}`),
        HOME: folder,
      }
      execFile(path, args, { env, timeout: 15_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr })
      })
    })

const manifest = (replicas: number | string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      # As pid 1, sleep ignores SIGTERM.
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: busybox:1.36
          command: ['sleep', '86400']
          ports:
            - containerPort: 80
          env:
            - { name: A, value: '1' }
${more}`

test('there is a kubectl to test with', () => {
  expect(all.length).toBeGreaterThan(0)
})

describe.each(all)('kubectl $version', kubectl => {
  const run = runner(kubectl)
  const good = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args)
    expect(code, `${args.join(' ')}\n${stdout}${stderr}`).toBe(0)
    return stdout.trim()
  }
  const id = kubectl.version.replaceAll('.', '-')
  const minor = Number(kubectl.version.split('.')[1])

  test('creates, reads, changes and deletes by its own typed clients', async () => {
    const ns = `typed-${id}`
    expect(await good('create', 'namespace', ns)).toBe(`namespace/${ns} created`)
    const at = ['-n', ns]
    await good('create', 'configmap', 'cm', '--from-literal=a=b', ...at)
    await good('create', 'secret', 'generic', 'sec', '--from-literal=x=yz', ...at)
    await good('create', 'serviceaccount', 'robot', ...at)
    await good('create', 'service', 'nodeport', 'np', '--tcp=80:8080', ...at)
    await good('create', 'deployment', 'd', '--image=registry.k8s.io/pause:3.9', '--replicas=0', '--port=80', ...at)
    expect(await good('get', 'cm', 'cm', '-ojsonpath={.data}', ...at)).toBe('{"a":"b"}')
    expect(await good('get', 'secret', 'sec', '-ojsonpath={.data.x}{.type}', ...at)).toBe('eXo=Opaque')
    const port = '{.spec.type} {.spec.ports[0].port} {.spec.ports[0].targetPort}'
    expect(await good('get', 'svc', 'np', `-ojsonpath=${port}`, ...at)).toBe('NodePort 80 8080')
    const parts = '{.spec.replicas} {.spec.selector.matchLabels.app} {.spec.template.spec.containers[0].ports[0].containerPort}'
    expect(await good('get', 'deploy', 'd', `-ojsonpath=${parts}`, ...at)).toBe('0 d 80')
    expect(await good('scale', 'deploy', 'd', '--replicas=1', '--current-replicas=0', ...at)).toContain('scaled')
    expect(await good('set', 'image', 'deploy/d', 'pause=registry.k8s.io/pause:3.10', ...at)).toContain('image updated')
    await good('label', 'deploy', 'd', 'tier=front', ...at)
    expect(await good('get', 'deploy', '-l', 'tier=front', '-oname', ...at)).toBe('deployment.apps/d')
    expect(await good('rollout', 'status', 'deploy', 'd', '--timeout=15s', ...at)).toContain('successfully rolled out')
    expect(await good('auth', 'can-i', 'create', 'pods', ...at)).toBe('yes')
    expect(await good('delete', 'namespace', ns, '--timeout=15s')).toContain(`namespace "${ns}" deleted`)
    expect((await run('get', 'namespace', ns)).stderr).toBe(`Error from server (NotFound): namespaces "${ns}" not found\n`)
  }, 60_000)

  test('applies: create, unchanged, configured, and the parts that others set stay', async () => {
    const file = join(cluster.folder, `web-${id}.yaml`)
    const ns = `apply-${id}`
    await good('create', 'namespace', ns)
    const apply = async (text: string) => {
      writeFileSync(file, text)
      return good('apply', '-f', file, '-n', ns)
    }
    expect(await apply(manifest(0))).toBe('deployment.apps/web created')
    expect(await apply(manifest(0))).toBe('deployment.apps/web unchanged')
    await good(
      'patch',
      'deploy',
      'web',
      '-n',
      ns,
      '-p',
      '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"MINE","value":"2"}]}]}}}}',
    )
    expect(await apply(manifest(2, `            - { name: B, value: '3' }\n`))).toBe('deployment.apps/web configured')
    const env = '{.spec.replicas}{range .spec.template.spec.containers[0].env[*]} {.name}={.value}{end}'
    const text = await good('get', 'deploy', 'web', '-n', ns, `-ojsonpath=${env}`)
    expect(text.split(' ').sort()).toEqual(['2', 'A=1', 'B=3', 'MINE=2'])
    expect(await apply(manifest(2))).toBe('deployment.apps/web configured')
    expect(await good('get', 'deploy', 'web', '-n', ns, `-ojsonpath=${env}`)).not.toContain('B=3')
    expect(await good('apply', '-f', file, '-n', ns, '--dry-run=server')).toContain('server dry run')
    await good('delete', '-f', file, '-n', ns, '--timeout=15s')
    await good('delete', 'namespace', ns, '--timeout=15s')
  }, 60_000)

  test("hears of mistakes in Kubernetes' own words", async () => {
    const file = join(cluster.folder, `bad-${id}.yaml`)
    writeFileSync(file, manifest(1).replace('replicas:', 'replica:'))
    const typo = await run('apply', '-f', file, '--dry-run=server')
    // Since 1.25 kubectl asks the server for strictness; before, it looks for itself.
    if (minor >= 25) expect(typo.stderr).toContain('strict decoding error: unknown field "spec.replica"')
    else expect(typo.stderr).toContain('unknown field "replica" in io.k8s.api.apps.v1.DeploymentSpec')
    writeFileSync(file, manifest(1).replace('name: web\nspec', 'name: Web\nspec'))
    expect((await run('create', '-f', file)).stderr).toContain(
      'The Deployment "Web" is invalid: metadata.name: Invalid value: "Web"',
    )
    expect((await run('get', 'pod', 'nosuch')).stderr).toBe('Error from server (NotFound): pods "nosuch" not found\n')
    expect((await run('get', 'nosuch')).stderr).toBe('error: the server doesn\'t have a resource type "nosuch"\n')
  }, 30_000)

  test('prints the tables', async () => {
    expect(await good('get', 'nodes', '-owide')).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP/)
    expect((await good('get', 'svc')).replaceAll(/ +/g, ' ')).toMatch(/kubernetes ClusterIP 10\.43\.0\.1 <none> 443\/TCP/)
    expect(await good('get', 'all', '-A')).toContain('service/kubernetes')
    expect(await good('describe', 'node', 'node1')).toContain('InternalIP:  10.210.0.2')
    expect(await good('api-resources', '--api-group=apps', '-oname')).toMatch(/^deployments\.apps$[\s\S]*^replicasets\.apps$/m)
    expect(await good('explain', 'pods').catch(() => 'PodSpec')).toContain(minor >= 29 ? 'PodSpec' : '')
  }, 30_000)
})
