// `kubectl explain`, with the words that the build takes from the pinned client: the oldest kubectl (v2) and the newest (v3).

import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { parseModel, readDescriptions } from '../../../build/descriptions.ts'
import { type Kubectl, kubectls } from '../../../build/kubectls.ts'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
let found: Kubectl[] = []
beforeAll(async () => {
  found = await kubectls()
}, 120_000)

const explain = async ({ path, version }: Kubectl, what: string): Promise<string> => {
  const home = join(cluster.folder, version)
  mkdirSync(home, { recursive: true })
  const env = { ...process.env, HOME: home, KUBECACHEDIR: join(home, 'cache'), KUBECONFIG: join(cluster.folder, 'config') }
  // Wrapped at 80 columns by kubectl.
  return (await promisify(execFile)(path, ['explain', what], { env })).stdout.replaceAll(/\s+/g, ' ')
}

test('oldest and newest kubectl explain kinds and fields in words', async context => {
  if (found.length === 0) context.skip('skipped: no kubectl on this machine')
  for (const kubectl of new Set([found[0]!, found.at(-1)!])) {
    const pod = await explain(kubectl, 'pod')
    expect(pod).toContain('Pod is a collection of containers that can run on a host.')
    expect(pod).toMatch(/ kind <string> Kind is a string value representing the REST resource/)
    const containers = await explain(kubectl, 'pod.spec.containers')
    expect(containers).toContain('List of containers belonging to the pod.')
    expect(containers).toMatch(/image <string> Container image name\./)
    expect(containers).toContain("The container image's CMD is used")
    const strategy = await explain(kubectl, 'deployment.spec.strategy')
    expect(strategy).toContain('DeploymentStrategy describes how to replace existing pods with new ones.')
    expect(strategy).toContain('Can be "Recreate" or "RollingUpdate".')
  }
}, 60_000)

test('a model gives the words of its class and of its fields, and none where it has none', () => {
  const text = `/**\n* A thing\\'s words.\n*/\nexport declare class V1Thing {\n    'bare'?: string;\n    /**\n    * A \\"field\\".\n    */\n    '_continue'?: string;\n}`
  expect(parseModel(text)).toEqual({ '': "A thing's words.", continue: 'A "field".' })
})

test('types whose names several packages share are told apart', () => {
  const all = readDescriptions()
  expect(all['core.EndpointPort']?.['']).not.toEqual(all['discovery.EndpointPort']?.[''])
  expect(all['autoscaling.HorizontalPodAutoscalerSpec']?.['']).not.toEqual(all['autoscaling2.HorizontalPodAutoscalerSpec']?.[''])
  expect(all['core.PodSpec']?.containers).toMatch(/^List of containers/)
})
