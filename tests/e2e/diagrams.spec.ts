// The talk's diagrams, alive: a real kubectl's writes light the right arrows, every part is reached by keyboard, and a rollout stays smooth.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { picture, root, test } from './host.ts'
import { practiceKubeconfig, practise } from './learner.ts'

const slides = join(root, 'resources/slides/zh-CN')
const diagrams = readdirSync(slides)
  .filter(name => readFileSync(join(slides, name), 'utf8').includes('\nlayout: diagram\n'))
  .toSorted()
  .map(name => name.replace(/^\d+-|\.md$/g, ''))

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
  // It writes nothing: what it did last is known by the list that it had to turn into rules.
  await page.locator('[data-place="kube-proxy"]').focus()
  const list = kubectl(host.home, 'get endpointslices -l kubernetes.io/service-name=hello -o jsonpath={.items[0].metadata.name}')
  await expect(page.locator('.just-now')).toHaveText(`刚才：EndpointSlice ${list.split('-').at(-1)} 变了，转发规则跟着改`)
  await page.screenshot({ path: picture('diagram-apply') })
  expect(heard).toEqual([])
})

test('every part of every diagram is reached by keyboard, has a name, and explains itself', async ({ page, host, heard }) => {
  await page.goto(host.url)
  await page.getByRole('link', { name: /不用集群也能放/ }).click()
  expect(diagrams.length).toBeGreaterThan(3)
  for (const id of diagrams) {
    await openSlide(page, id)
    const parts = await page
      .locator('svg.diagram [data-place]')
      .evaluateAll(all => all.map(part => (part as SVGElement).dataset.place ?? ''))
    const reached = new Map<string, string>()
    for (let presses = 0; presses < parts.length * 2 + 80 && reached.size < parts.length; presses++) {
      await page.keyboard.press('Tab')
      const { place, role, name, isPressed } = await page.evaluate(() => {
        const part = document.activeElement
        return {
          place: part instanceof SVGElement ? part.dataset.place : undefined,
          role: part?.getAttribute('role'),
          name: part?.getAttribute('aria-label') ?? '',
          isPressed: part?.getAttribute('aria-pressed'),
        }
      })
      if (place === undefined) continue
      expect([place, role, isPressed]).toEqual([place, 'button', 'true'])
      expect(name.trim(), `${id}: ${place}`).not.toBe('')
      await expect(page.locator('.explanation h2'), `${id}: ${place}`).not.toBeEmpty()
      reached.set(place, name)
    }
    expect([...reached.keys()].toSorted(), id).toEqual(parts.toSorted())
    console.log(`${id}: ${[...reached.values()].join(' · ')}`)
  }
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
  // A write is in the record once its pill has arrived.
  const written = async () => (await record(page)).map(({ by, deed }) => `${by} ${deed}`)
  await expect.poll(async () => (await written()).at(-1)).toBe('deployment-controller ready')
  expect((await written()).filter(line => line.startsWith('kubelet'))).toHaveLength(6)
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

test('a Pod is followed by its dot or from the menu, replayed, and the cluster held from the slide', async ({
  page,
  host,
  heard,
}) => {
  await practise(page, host.url)
  await openSlide(page, 'architecture')
  kubectl(host.home, 'apply -f -', deployment('web', 3))
  await expect(page.locator('.life [data-stage].is-done')).toHaveCount(6, { timeout: 60_000 })
  const dots = page.locator('svg.diagram [data-pod^="web-"]')
  await expect(dots).toHaveCount(3)

  const name = (await dots.first().getAttribute('data-pod')) ?? ''
  await dots.first().focus()
  await page.keyboard.press('Enter')
  await expect(dots.first()).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('list', { name: `${name} 的一生` })).toBeVisible()
  await button(page, `跟着 ${name}`).press('Enter')
  const other = (await dots.last().getAttribute('data-pod')) ?? ''
  await page.getByRole('menuitem', { name: other }).click()
  await expect(page.getByRole('list', { name: `${other} 的一生` })).toBeVisible()
  await expect(page.locator('article')).toHaveAttribute('data-slide', 'architecture')

  await button(page, '重放它的一生').press('Enter')
  const moment = page.locator('.slide-foot .moment')
  await expect(moment).toHaveText(/^0 \/ [56]$/)
  const count = Number((await moment.textContent())?.split(' / ')[1])
  for (let step = 1; step <= count; step++) {
    await button(page, '下一步').press('Enter')
    await expect(moment).toHaveText(`${step} / ${count}`)
  }
  await expect(page.locator('.life [data-stage].is-done')).toHaveCount(6)
  // Containers of the practice cluster run and are ready in one write, or in two.
  const replayed = (await record(page)).map(({ deed, object }) => `${deed} ${object.split('/')[0]}`)
  expect(replayed.filter(line => line !== 'started Pod')).toEqual([
    'created Deployment',
    'created ReplicaSet',
    'created Pod',
    'scheduled Pod',
    'ready Pod',
  ])
  await button(page, '回到现在').press('Enter')

  await button(page, '让集群停住').press('Enter')
  await expect(button(page, '让集群继续')).toBeVisible()
  kubectl(host.home, 'scale deployment web --replicas=4')
  await page.waitForTimeout(1000)
  await expect(dots).toHaveCount(3)
  for (let steps = 0; steps < 60 && (await dots.count()) < 4; steps++) {
    await button(page, '集群走一步').press('Enter')
    await page.waitForTimeout(100)
  }
  await expect(dots).toHaveCount(4)
  await button(page, '集群的速度：1 倍').press('Enter')
  await expect(button(page, '集群的速度：10 倍')).toBeVisible()
  await button(page, '让集群继续').press('Enter')
  await expect(page.locator('.dots .is-ready')).toHaveCount(4, { timeout: 30_000 })
  await page.screenshot({ path: picture('diagram-follow') })
  expect(heard).toEqual([])
})

const kubeletOf = (page: Page, node: string) =>
  expect(page.locator('svg.diagram [data-part="kubelet"]')).toHaveAttribute('data-place', `kubelet/${node}`)
const arrow = (page: Page, name: string) => page.locator('svg.diagram').getByRole('button', { name, exact: true })

test('the node’s picture, told: it is of the followed Pod’s node, and its arrows turn to the other', async ({
  page,
  host,
  heard,
}) => {
  await page.goto(host.url)
  await page.getByRole('link', { name: /不用集群也能放/ }).click()
  await openSlide(page, 'node')
  // The story's first Pod goes to node2, another one to node1.
  await kubeletOf(page, 'node2')
  await button(page, '下一步').press('Enter')
  await expect(page.locator('.travel[data-travel*="kubelet/node2"]')).not.toHaveCount(0)
  await arrow(page, '下一个节点：node1').focus()
  await page.keyboard.press('Enter')
  await kubeletOf(page, 'node1')
  await expect(page.locator('svg.diagram .pager text')).toHaveText('1 / 2')
  await expect(page.locator('article')).toHaveAttribute('data-slide', 'node')
  await button(page, '下一步').press('Enter')
  await button(page, '下一步').press('Enter')
  await expect(page.locator('.dots .is-ready')).toHaveCount(1)
  await arrow(page, '上一个节点：node2').click()
  await kubeletOf(page, 'node2')
  await expect(page.locator('.dots .is-ready')).toHaveCount(2)
  await button(page, /^跟着/).press('Enter')
  await page.getByRole('menuitem', { name: /gt8dg/ }).click()
  await kubeletOf(page, 'node1')
  expect(heard).toEqual([])
})

test('the node’s picture of a cluster: the followed Pod’s node with the Pods that are there, and any other', async ({
  page,
  host,
  heard,
}) => {
  await practise(page, host.url)
  await openSlide(page, 'node')
  kubectl(host.home, 'apply -f -', deployment('web', 4))
  kubectl(host.home, 'rollout status deployment/web --timeout=60s')
  const { items } = JSON.parse(kubectl(host.home, 'get pods -l app=web -o json')) as {
    items: { metadata: { name: string }; spec: { nodeName: string } }[]
  }
  const pods = items.map(({ metadata: { name }, spec: { nodeName: node } }) => ({ name, node }))
  const nodes = [...new Set(pods.map(({ node }) => node))].toSorted()
  expect(nodes).toEqual(['node1', 'node2'])
  for (const { name, node } of pods) {
    await button(page, /^跟着/).press('Enter')
    await page.getByRole('menuitem', { name }).click()
    await kubeletOf(page, node)
    await expect(page.locator(`svg.diagram [data-pod="${name}"]`)).toHaveAttribute('aria-pressed', 'true')
    await expect(page.locator('svg.diagram [data-pod^="web-"]')).toHaveCount(pods.filter(pod => pod.node === node).length)
  }
  const other = nodes.find(node => node !== pods.at(-1)?.node) ?? ''
  await arrow(page, `下一个节点：${other}`).press(' ')
  await kubeletOf(page, other)
  await page.reload()
  await kubeletOf(page, other)
  // What its kubelet did last, not what another's did.
  const own = pods.filter(pod => pod.node === other).map(({ name }) => name.split('-').at(-1) ?? '')
  await page.locator(`[data-place="kubelet/${other}"]`).focus()
  await expect(page.locator('.just-now')).toHaveText(new RegExp(own.join('|')))
  await page.screenshot({ path: picture('diagram-node') })
  expect(heard).toEqual([])
})

/** Frames that should have come and did not, as a share of all that should have. */
const droppedIn = (gaps: readonly number[]): { dropped: number; seconds: number; share: number } => {
  const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1000
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / (1000 / 60)) - 1), 0)
  return { dropped, seconds, share: dropped / (seconds * 60) }
}

test('60 frames a second while a rollout of ten replicas travels', { tag: '@timed' }, async ({ page, host, heard }) => {
  await practise(page, host.url)
  await openSlide(page, 'architecture')
  kubectl(host.home, 'apply -f -', deployment('crowd', 10))
  await expect(page.locator('.dots .is-ready')).toHaveCount(10, { timeout: 60_000 })
  await expect(page.locator('.travel')).toHaveCount(0, { timeout: 60_000 })
  await page.evaluate(() => {
    const frames: { gap: number; pills: number }[] = []
    let before: number | undefined
    const tick = (now: number) => {
      if (before !== undefined) frames.push({ gap: now - before, pills: document.querySelectorAll('.travel').length })
      before = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    Object.assign(window, { drawn: frames })
  })
  await page.waitForTimeout(3_000)
  kubectl(host.home, 'set image deployment/crowd c=nginx:alpine')
  await expect(page.locator('.travel')).not.toHaveCount(0)
  kubectl(host.home, 'rollout status deployment/crowd --timeout=60s')
  await expect(page.locator('.travel')).toHaveCount(0, { timeout: 60_000 })
  const frames = await page.evaluate(() => (window as unknown as { drawn: { gap: number; pills: number }[] }).drawn)
  const began = frames.findIndex(({ pills }) => pills > 0)
  const flying = frames.filter(({ pills }) => pills > 0)
  const gaps = flying.map(({ gap }) => gap)
  const { dropped, seconds, share } = droppedIn(gaps)
  const still = droppedIn(frames.slice(0, began).map(({ gap }) => gap))
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`
  console.log(
    `a rollout of ten: ${flying.length} frames in ${seconds.toFixed(1)} s, ${dropped} dropped (${percent(share)}), longest ${Math.max(...gaps).toFixed(0)} ms, at most ${Math.max(...flying.map(({ pills }) => pills))} pills at once; with nothing moving ${percent(still.share)} dropped`,
  )
  expect(seconds).toBeGreaterThan(3)
  // What is dropped with nothing moving, other work on the machine has taken.
  const isBusy = (loadavg()[0] ?? 0) > 2 * availableParallelism()
  if (isBusy) console.log(`judged by four times the limit: the machine's load is ${loadavg()[0]?.toFixed(1)}`)
  expect(share - still.share).toBeLessThan(isBusy ? 0.2 : 0.05)
  expect(heard).toEqual([])
})
