// From a watch event to pixels, with 200 Pods in the picture: measured in the browser, printed, and held to its limit.

import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { expect } from '@playwright/test'
import { accessOf, createHandle, parseKubeconfig } from '../../electron/cluster/index.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { test } from './host.ts'
import { practiceKubeconfig, practise } from './learner.ts'

const pods = '/api/v1/namespaces/default/pods'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const rounds = 40
const limitMs = 50
const many = 200
/** Nobody schedules it: one Pod, one event. */
const lone = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'openresty/openresty:alpine' }] },
})
const crowd = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'openresty' },
  spec: {
    replicas: many,
    selector: { matchLabels: { app: 'openresty' } },
    template: {
      metadata: { labels: { app: 'openresty' } },
      spec: { containers: [{ name: 'c', image: 'openresty/openresty:alpine' }] },
    },
  },
}

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

test('a watch event is on the screen within 50 ms at the median, with 200 Pods drawn', { tag: '@timed' }, async ({
  page,
  host,
  heard,
}) => {
  test.setTimeout(180_000)
  await practise(page, host.url)
  await page.goto(page.url().replace('01-pod', '02-deployment'))
  await expect(page.locator('[data-state="now"]')).toBeVisible()
  const path = practiceKubeconfig(host.home)
  const access = accessOf(parseKubeconfig(readFileSync(path, 'utf8'), path), path)
  const handle = createHandle({ id: 'practice', access, kubeconfigFile: path, cacheFolder: host.home, clock: realClock })
  try {
    await handle.connection.json('POST', deployments, { body: crowd })
    await expect(page.locator('.live-drawing .pod .disc')).toHaveCount(many, { timeout: 60_000 })
    await page.evaluate(() => {
      const seen: Record<string, number> = {}
      Object.assign(window, { seen })
      new MutationObserver(changes => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes) {
            const name = node instanceof Element ? node.querySelector('title')?.textContent : undefined
            // a frame later the row is painted; the task after that frame is the first that can know
            if (name?.startsWith('openresty-lone'))
              requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel()
                port1.onmessage = () => {
                  seen[name] ??= Date.now()
                }
                port2.postMessage(0)
              })
          }
      }).observe(document.querySelector('.live-stage') as Element, { childList: true, subtree: true })
    })

    const told = new Map<string, number>()
    const stop = new AbortController()
    const watching = handle.connection.lines(
      `${pods}?watch=1`,
      value => {
        const { type, object } = value as { type: string; object: { metadata: { name: string } } }
        if (type === 'ADDED') told.set(object.metadata.name, Date.now())
      },
      { signal: stop.signal },
    )
    for (let round = 0; round < rounds; round++) {
      await handle.connection.json('POST', pods, { body: lone(`openresty-lone-${round}`) })
      await page.waitForFunction(name => name in (window as unknown as { seen: object }).seen, `openresty-lone-${round}`)
      await handle.connection.json('DELETE', `${pods}/openresty-lone-${round}`)
    }
    stop.abort()
    await watching.catch(() => undefined)
    const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen)
    const took = Object.entries(seen).map(([name, when]) => when - (told.get(name) ?? Number.NaN))
    console.log(
      `watch event to pixels, ${many} Pods: median ${at(took, 0.5)} ms, 95 % ${at(took, 0.95)} ms, longest ${at(took, 1)} ms, ${took.length} events`,
    )
    expect(took).toHaveLength(rounds)
    // other work on the machine is no fault of ours, and leaves no time to measure in
    const isBusy = (loadavg()[0] ?? 0) > 2 * availableParallelism()
    if (isBusy) console.log(`judged by four times the limit: the machine's load is ${loadavg()[0]?.toFixed(1)}`)
    expect(at(took, 0.5)).toBeLessThan(isBusy ? 4 * limitMs : limitMs)
    expect(heard).toEqual([])
  } finally {
    handle.close()
  }
})
