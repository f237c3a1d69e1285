// The proof that it works: a Pod of one's own finds the cluster's DNS and says hello; then it is gone again.

import { AppError } from '../contract/errors.ts'
import { run } from '../platform/run.ts'
import { objects, podState } from './look.ts'
import type { Machine } from './machine.ts'
import { snapKubectl } from './places.ts'
import type { RunContext, RunKubectl } from './run-context.ts'

const namespace = 'kubernetes-hello-world-setup'
const boundMs = 180_000

const manifest = (image: string) => ({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'hello', namespace },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'hello',
            image,
            imagePullPolicy: 'IfNotPresent',
            command: ['sh', '-c', 'until nslookup kubernetes.default.svc.cluster.local; do sleep 1; done; echo Hello World!'],
          },
        ],
      },
    },
  ],
})

/** MicroK8s' own kubectl with the user's kubeconfig. */
export const createKubectl =
  (machine: Machine): RunKubectl =>
  (words, input) =>
    run([snapKubectl, '--context=microk8s', '--cache-dir=/dev/null', ...words], {
      env: { ...machine.env, LC_ALL: 'C.UTF-8' },
      timeout: 120_000,
      ...(input === undefined ? {} : { input }),
    })

/** @throws AppError setup.hello */
export const runHello = async (context: RunContext, image: string): Promise<void> => {
  const { machine, clock, stop, tell } = context
  await removeHello(context)
  const made = await context.kubectl(['apply', '-f', '-'], JSON.stringify(manifest(image)))
  if (made.code !== 0) throw new AppError('setup.hello', { words: made.stderr.trim().slice(-400) })
  const until = clock.now() + boundMs
  for (;;) {
    const pod = (await objects(machine, 'pods'))?.map(podState).find(seen => seen.namespace === namespace)
    if (pod !== undefined)
      tell({ type: 'progress', done: pod.phase === 'Succeeded' ? 1 : 0, total: 1, label: `${pod.name} ${pod.phase}` })
    if (pod?.phase === 'Succeeded') break
    if (pod?.phase === 'Failed' || clock.now() > until) {
      const words = pod === undefined ? '' : `${pod.phase} ${pod.reason} ${pod.message}`.trim()
      throw new AppError('setup.hello', {
        words: words || (await context.kubectl(['-n', namespace, 'logs', 'hello'])).stdout.slice(-300),
      })
    }
    if (stop.signal.aborted) throw new AppError('setup.stopped')
    await clock.sleep(500)
  }
  const { stdout, stderr } = await context.kubectl(['-n', namespace, 'logs', 'hello'])
  if (!stdout.includes('Hello World!')) throw new AppError('setup.hello', { words: `${stdout}${stderr}`.slice(-400) })
  for (const line of stdout.trim().split('\n').slice(-1)) tell({ type: 'log', line })
}

/** It may be gone already, or the whole cluster may be. @throws AppError setup.hello where a cluster answers and refuses */
export const removeHello = async (context: RunContext): Promise<void> => {
  if ((await context.machine.info(snapKubectl)) === undefined) return
  const gone = await context.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--timeout=90s'])
  if (gone.code !== 0) throw new AppError('setup.hello', { words: gone.stderr.trim().slice(-400) })
}
