// The talk's diagrams, alive: a real kubectl's writes light the right arrows; without a cluster the story is played, in every window, and stands where nothing may move.

import { execFileSync } from 'node:child_process'
import { expect, type Page } from '@playwright/test'
import { picture, test } from './host.ts'
import { practiceKubeconfig, practise } from './learner.ts'

const openSlide = async (page: Page, id: string): Promise<void> => {
  await page.goto(page.url().replace(/#.*/, `#/talk/${id}`))
  await expect(page.locator(`article[data-slide="${id}"] svg.diagram`)).toBeVisible()
}
const kubectl = (home: string, line: string, input?: string): string =>
  execFileSync('kubectl', line.split(' '), {
    env: { ...process.env, KUBECONFIG: practiceKubeconfig(home) },
    encoding: 'utf8',
    input,
  })
const button = (page: Page, name: string | RegExp) => page.locator('.slide-foot').getByRole('button', { name })
const deployment = (name: string, replicas: number): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'c', image: 'openresty/openresty:alpine' }] },
      },
    },
  })

interface Written {
  by: string
  deed: string
  object: string
  route: string
}
/** The record, as it stands in the page for everybody to read. */
const record = (page: Page): Promise<Written[]> =>
  page
    .getByRole('log', { name: '写入记录', includeHidden: true })
    .locator('li')
    .evaluateAll(items =>
      (items as HTMLElement[]).map(({ dataset: { by = '', deed = '', object = '', route = '' } }) => ({
        by,
        deed,
        object,
        route,
      })),
    )

/** Every wire that a pill is drawn on from now on, in the order of their first pills. */
const watchWires = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const lit: string[] = []
    Object.assign(window, { lit })
    new MutationObserver(changes => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) {
          const wire = node instanceof Element ? node.getAttribute('data-travel')?.split(' ').slice(2).join(' ') : undefined
          if (wire && !lit.includes(wire)) lit.push(wire)
        }
    }).observe(document.querySelector('svg.diagram') as Element, { childList: true, subtree: true })
  })
const wires = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { lit: string[] }).lit)

test('kubectl apply lights the right arrows in the right order', async ({ page, host, heard }) => {
  await practise(page, host.url)
  kubectl(host.home, 'create service clusterip hello --tcp=80')
  await openSlide(page, 'kubectl-apply')
  await expect(page.locator('.travel')).toHaveCount(0, { timeout: 60_000 })
  await watchWires(page)
  const before = (await record(page)).length
  kubectl(host.home, 'apply -f -', deployment('hello', 2))

  // What was recorded: each write after the one that it answers.
  const chain: [by: RegExp, deed: string, object: RegExp, told: string][] = [
    [/^kubectl$/, 'created', /^Deployment\/hello$/, 'deployment-controller'],
    [/^deployment-controller$/, 'created', /^ReplicaSet\/hello-/, 'replicaset-controller'],
    [/^replicaset-controller$/, 'created', /^Pod\/hello-/, 'kube-scheduler'],
    [/^kube-scheduler$/, 'scheduled', /^Pod\/hello-/, 'kubelet'],
    [/^kubelet\/node[12]$/, 'ready', /^Pod\/hello-/, 'endpointslice-controller'],
    [/^endpointslice-controller$/, 'changed', /^EndpointSlice\/hello-/, 'kube-proxy'],
  ]
  await expect
    .poll(async () => (await record(page)).findLast(({ object }) => object === 'Deployment/hello')?.deed, { timeout: 60_000 })
    .toBe('ready')
  const written = (await record(page)).slice(before)
  console.log(written.map(({ by, deed, object }) => `${by} ${deed} ${object}`).join('\n'))
  let from = -1
  for (const [by, deed, object, told] of chain) {
    const at = written.findIndex((one, index) => index > from && by.test(one.by) && one.deed === deed && object.test(one.object))
    expect(at, `${by} ${deed} ${object} comes after number ${from}`).toBeGreaterThan(from)
    const { route = '', by: writer } = written[at] ?? {}
    expect(route.startsWith(`${writer}>kube-apiserver kube-apiserver>etcd kube-apiserver>`), route).toBe(true)
    expect(route).toContain(`kube-apiserver>${told}`)
    from = at
  }

  // And what was seen: the wires, in the order of their first pills.
  await expect(page.locator('.travel')).toHaveCount(0, { timeout: 60_000 })
  const order = [
    'kubectl kube-apiserver',
    'kube-apiserver etcd',
    'kube-apiserver deployment-controller',
    'deployment-controller kube-apiserver',
    'kube-apiserver replicaset-controller',
    'replicaset-controller kube-apiserver',
    'kube-apiserver kube-scheduler',
    'kube-scheduler kube-apiserver',
    'kube-apiserver kubelet',
    'kubelet kube-apiserver',
    'kube-apiserver endpointslice-controller',
  ]
  const lit = await wires(page)
  expect(lit.filter(wire => order.includes(wire))).toEqual(order)
  expect(lit).toContain('kube-apiserver kube-proxy')
  await page.screenshot({ path: picture('diagram-apply') })
  expect(heard).toEqual([])
})

test('without a cluster the story is played by keyboard, in every window, to its end', async ({ page, host, heard, context }) => {
  await page.goto(host.url)
  await page.getByRole('link', { name: /不用集群也能放/ }).click()
  await openSlide(page, 'kubectl-apply')
  // Standing still it shows a moment of the story, with its pill.
  await expect(page.locator('.travel')).not.toHaveCount(0)
  const [presenter] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('p')])
  await expect(presenter.locator('.presenter-now svg.diagram')).toBeVisible()
  await button(page, '速度：1 倍').press('Enter')
  await button(page, '速度：2 倍').press('Enter')
  await button(page, '播放').press('Enter')
  await expect(button(page, '停一下')).toBeVisible()
  const stages = (on: Page) => on.locator('.life [data-stage].is-done')
  await expect(stages(page)).toHaveCount(6)
  await expect(presenter.locator('.presenter-now').locator('.life [data-stage].is-done')).toHaveCount(6)
  await expect(page.locator('.slide-foot .moment')).toHaveText('9 / 9')
  const written = (await record(page)).map(({ by, deed }) => `${by} ${deed}`)
  expect(written.filter(line => line.startsWith('kubelet'))).toHaveLength(6)
  expect(written.at(-1)).toBe('deployment-controller ready')
  await expect(page.locator('.life [data-stage="ready"] time')).toHaveText('+1.5 秒')
  // One step more begins again.
  await button(page, '下一步').press('Enter')
  await expect(presenter.locator('.presenter-now .slide-foot .moment')).toHaveText('1 / 9')
  expect(heard).toEqual([])
})

test('with reduced motion a pill stands where one sees whence and whither', async ({ page, host }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.url)
  await page.getByRole('link', { name: /不用集群也能放/ }).click()
  await openSlide(page, 'architecture')
  await button(page, '下一步').press('Enter')
  const pill = page.locator('.travel[data-travel^="1 0 "] .pill')
  await expect(pill).toBeVisible()
  const at = await pill.getAttribute('transform')
  await page.waitForTimeout(250)
  expect(await pill.getAttribute('transform')).toBe(at)
})
