// The talk's objects as pictures: all parts by keyboard and by name, words in their boxes at every moment, and a real kubectl's deeds on them.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { picture, root, test } from './host.ts'
import { practiceKubeconfig, practise } from './learner.ts'

/** One slide for each of the nine. */
const slides = [
  'pod-life',
  'deployment-inside',
  'service-list',
  'statefulset-inside',
  'claim-and-volume',
  'daemonset-layer',
  'job-tries',
  'hpa-sum',
  'ingress-door',
]
const wordsOf = (language: string) =>
  JSON.parse(readFileSync(join(root, `resources/locales/${language}/talk.json`), 'utf8')) as { play: { step: string } }

const openSlide = async (page: Page, id: string): Promise<void> => {
  await page.goto(page.url().replace(/#.*/, `#/talk/${id}`))
  await expect(page.locator(`article[data-slide="${id}"] svg.diagram`)).toBeVisible()
}
const part = (page: Page, place: string) => page.locator(`[data-place="${place}"]`)

/** Words that stand outside of their part or over other words. */
const spilled = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const svg = document.querySelector('svg.diagram') as SVGSVGElement
    // in the drawing's own units: what is tolerated is the same in every window
    const unit = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width || 1
    const boxOf = (item: Element) => item.getBoundingClientRect()
    const outside = [...svg.querySelectorAll('.part')].flatMap(part => {
      const shape = boxOf(part.querySelector('.shape') as Element)
      return [...part.querySelectorAll('text')].flatMap(text => {
        const { left, right, top, bottom } = boxOf(text)
        const isIn =
          left > shape.left + unit && right < shape.right - unit && top > shape.top - 4 * unit && bottom < shape.bottom + 4 * unit
        return isIn ? [] : [`${(part as SVGElement).dataset.place}: ${text.textContent} is outside`]
      })
    })
    const texts = [...svg.querySelectorAll('text')].filter(text => !text.closest('.travel'))
    const over = texts.flatMap((one, index) =>
      texts.slice(index + 1).flatMap(other => {
        const [a, b] = [boxOf(one), boxOf(other)]
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        return wide > unit && high > 4 * unit ? [`${one.textContent} over ${other.textContent}`] : []
      }),
    )
    const aside = document.querySelector('.explanation')
    const cut = aside && aside.scrollHeight > aside.clientHeight + 1 ? [`the explanation is cut: ${aside.textContent}`] : []
    return [...outside, ...over, ...cut]
  })

for (const language of ['zh-CN', 'en'] as const)
  test(`every part by keyboard, named and explained, its words in their place at every moment (${language})`, async ({
    page,
    host,
    heard,
  }) => {
    await page.goto(host.url)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    if (language === 'en') await page.locator('.language-switch').click()
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    for (const slide of slides) {
      await openSlide(page, slide)
      const places = await page.locator('svg.diagram [data-place]').count()
      const names = new Map<string, string>()
      const claims = new Map<string, string>()
      await page.locator('svg.diagram [data-place]').first().focus()
      for (let reached = 0; reached < places; reached++) {
        const focused = page.locator('svg.diagram [data-place]:focus')
        await expect(focused).toHaveAttribute('aria-pressed', 'true')
        const place = (await focused.getAttribute('data-place')) ?? ''
        await expect(focused).toHaveRole('button')
        const name = await focused.getAttribute('aria-label')
        names.set(place, name ?? '')
        claims.set((await focused.getAttribute('data-part')) ?? '', (await page.locator('.explanation').textContent()) ?? '')
        expect(await spilled(page), `${slide}: ${place}`).toEqual([])
        await page.keyboard.press('Tab')
      }
      expect(names.size, `${slide}: all parts are reached`).toBe(places)
      expect([...names].filter(([, name]) => name.length < 2)).toEqual([])
      expect(new Set(claims.values()).size, `${slide}: each part has its own explanation`).toBe(claims.size)

      const step = page.getByRole('button', { name: wordsOf(language).play.step })
      const count = Number(/(\d+)\D*$/.exec((await page.locator('.moment').textContent()) ?? '')?.[1])
      expect(count).toBeGreaterThan(3)
      for (let moment = 1; moment <= count; moment++) {
        await step.click()
        expect(await spilled(page), `${slide}: moment ${moment}`).toEqual([])
      }
    }
    expect(heard).toEqual([])
  })

/** Every wire that a pill is drawn on from now on. */
const watchWires = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const lit = new Set<string>()
    Object.assign(window, { lit })
    new MutationObserver(changes => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) {
          const wire = node instanceof Element ? node.getAttribute('data-travel')?.split(' ').slice(2).join(' ') : undefined
          if (wire) lit.add(wire)
        }
    }).observe(document.querySelector('svg.diagram') as Element, { childList: true, subtree: true })
  })
const litWires = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...((window as unknown as { lit?: Set<string> }).lit ?? [])])

test('a real kubectl’s deeds are on the pictures: real names, real counts, and they move', async ({ page, host, heard }) => {
  test.setTimeout(300_000)
  await practise(page, host.url)
  const kubectl = (line: string, input?: string): string =>
    execFileSync('kubectl', line.split(' '), {
      env: { ...process.env, KUBECONFIG: practiceKubeconfig(host.home) },
      encoding: 'utf8',
      input,
    })
  const manifest = (name: string) => join(root, 'manifests', name)
  const says = (place: string, words: string | RegExp, timeout = 30_000) =>
    expect(part(page, place)).toHaveAttribute('aria-label', words, { timeout })

  // Pod
  kubectl('run lonely --image=openresty/openresty:alpine')
  await openSlide(page, 'pod-life')
  await says('pod', 'Pod lonely, 就绪')
  await says('pod-network', `一个 IP, ${kubectl('get pod lonely -o jsonpath={.status.podIP}')}`)
  await says('container/0', '容器 lonely, 就绪')
  const node = kubectl('get pod lonely -o jsonpath={.spec.nodeName}')
  await expect(part(page, `kubelet/${node}`)).toBeVisible()
  kubectl('run sociable --image=openresty/openresty:alpine')
  await says('pod', /^Pod sociable/)

  // Deployment
  kubectl('create deployment web --image=openresty/openresty:alpine --replicas=3')
  await openSlide(page, 'deployment-inside')
  await says('deployment', 'Deployment, web')
  await says('new-replicaset', /^新 ReplicaSet, \w+ · 就绪 3，想要 3$/)
  await expect(page.locator('.dots .dot.is-ready')).toHaveCount(3)
  await watchWires(page)
  kubectl('scale deployment web --replicas=5')
  await says('new-replicaset', /就绪 5，想要 5$/)
  await says('rollout-limits', '滚动的界限, 在服务 5，一共 5')
  await expect
    .poll(() => litWires(page), { timeout: 30_000 })
    .toEqual(expect.arrayContaining(['kubectl kube-apiserver', 'replicaset-controller kube-apiserver', 'kubelet kube-apiserver']))
  const [first] = kubectl('get replicaset -l app=web -o name').trim().split('-').slice(-1)
  kubectl('set env deployment/web VERSION=2')
  await says('old-replicaset', `旧 ReplicaSet, ${first} · 就绪 0，想要 0`, 60_000)
  await says('new-replicaset', /就绪 5，想要 5$/)
  kubectl('rollout undo deployment/web')
  await says('new-replicaset', `新 ReplicaSet, ${first} · 就绪 5，想要 5`, 60_000)
  await page.screenshot({ path: picture('diagram-deployment') })

  // Service
  kubectl('expose deployment web --port=80')
  await openSlide(page, 'service-list')
  await says('service', 'Service, web')
  await says('endpointslice', 'EndpointSlice, 5 个')
  kubectl('scale deployment web --replicas=2')
  await says('endpointslice', 'EndpointSlice, 2 个')
  const slices = JSON.parse(kubectl('get endpointslices -l kubernetes.io/service-name=web -o json')) as {
    items: { endpoints: { addresses: string[]; targetRef: { name: string } }[] }[]
  }
  const listed = slices.items
    .flatMap(({ endpoints }) => endpoints)
    .toSorted((a, b) => a.targetRef.name.localeCompare(b.targetRef.name))
  expect(listed).toHaveLength(2)
  for (const [index, { addresses }] of listed.entries()) await says(`endpoint/${index}`, `一行名单 ${addresses[0]}:80, 就绪`)
  kubectl('set selector service web app=nobody')
  await says('endpoint/0', '一行名单 名单是空的')

  // StatefulSet
  kubectl(`apply -f ${manifest('04-statefulset/redis.yaml')}`)
  await openSlide(page, 'statefulset-inside')
  await says('statefulset', 'StatefulSet, redis · 想要 1 个')
  await says('pod/0', 'Pod redis-0, 就绪')
  await says('claim/0', 'PVC data-redis-0, 已绑定')
  await says('volume/0', 'PV 100Mi')
  const claim = kubectl('get pvc data-redis-0 -o jsonpath={.metadata.uid}')
  const before = kubectl('get pod redis-0 -o jsonpath={.metadata.uid}')
  await watchWires(page)
  kubectl('delete pod redis-0')
  await expect.poll(() => litWires(page)).toContain('statefulset-controller kube-apiserver')
  await says('pod/0', 'Pod redis-0, 就绪')
  await says('claim/0', 'PVC data-redis-0, 已绑定')
  expect(kubectl('get pod redis-0 -o jsonpath={.metadata.uid}')).not.toBe(before)
  expect(kubectl('get pvc data-redis-0 -o jsonpath={.metadata.uid}')).toBe(claim)

  // Storage: lab 12's claim, and one whose volume was made by hand
  const storageLab = (name: string) => manifest(`12-storage/${name}.yaml`)
  await openSlide(page, 'claim-and-volume')
  await says('persistentvolumeclaim', 'PVC data-redis-0, 已绑定')
  await watchWires(page)
  kubectl(`apply -f ${storageLab('notes')}`)
  await says('pod/0', 'Pod writer, 就绪')
  await says('persistentvolumeclaim', 'PVC notes, 已绑定')
  await says('persistentvolume', 'PV, 已绑定')
  const { items } = JSON.parse(kubectl('get pv -o json')) as {
    items: { spec: { claimRef: { name: string }; capacity: { storage: string } } }[]
  }
  const made = items.find(({ spec }) => spec.claimRef.name === 'notes')
  await expect(page.locator('svg.diagram text', { hasText: `有 ${made?.spec.capacity.storage}` })).toBeVisible()
  await says('storageclass', new RegExp(`^StorageClass, ${kubectl('get pvc notes -o jsonpath={.spec.storageClassName}')} · `))
  const bound = kubectl('get pvc notes -o jsonpath={.spec.volumeName}')
  await expect
    .poll(() => litWires(page))
    .toEqual(expect.arrayContaining(['kube-scheduler kube-apiserver', 'persistentvolume-controller kube-apiserver']))
  kubectl('delete pod writer')
  await says('pod/0', 'Pod 没有')
  await says('persistentvolumeclaim', 'PVC notes, 已绑定')
  kubectl(`apply -f ${storageLab('notes')}`)
  await says('pod/0', 'Pod writer, 就绪')
  expect(kubectl('get pvc notes -o jsonpath={.spec.volumeName}')).toBe(bound)
  kubectl('create deployment readers --image=busybox --replicas=5 -- sleep 3600')
  kubectl(
    'patch deployment readers --type=strategic -p {"spec":{"template":{"spec":{"containers":[{"name":"busybox","volumeMounts":[{"name":"n","mountPath":"/n"}]}],"volumes":[{"name":"n","persistentVolumeClaim":{"claimName":"notes"}}]}}}}',
  )
  await expect(page.locator('svg.diagram text', { hasText: /^还有 [34] 个$/ })).toBeVisible({ timeout: 60_000 })
  kubectl('delete deployment readers')
  kubectl('delete pod/writer pvc/notes')
  kubectl(`apply -f ${storageLab('shelf-class')} -f ${storageLab('archive')}`)
  await says('persistentvolumeclaim', 'PVC archive, 还没有卷')
  await says('persistentvolume', '没有 PV')
  const shelf = readFileSync(storageLab('shelf'), 'utf8')
  kubectl(
    'apply -f -',
    shelf.replace('THE-NODE', kubectl('get node -o jsonpath={.items[0].metadata.labels.kubernetes\\.io/hostname}')),
  )
  await says('persistentvolume', 'PV lab-shelf, 已绑定')
  await says('pod/0', 'Pod keeper, 就绪')
  await says('storageclass', 'StorageClass, lab-shelf · kubernetes.io/no-provisioner')
  kubectl('delete pod/keeper pvc/archive')
  await says('persistentvolume', 'PV lab-shelf, PVC 没了，数据还在')

  // DaemonSet
  kubectl(`apply -f ${manifest('08-daemonset/agent.yaml')}`)
  await openSlide(page, 'daemonset-layer')
  for (const each of kubectl('get node -o jsonpath={.items[*].metadata.name}').split(' ')) {
    await says(`pod/${each}`, /, 就绪$/)
    const pod = kubectl(`get pod -l app=agent --field-selector spec.nodeName=${each} -o jsonpath={.items[0].metadata.name}`)
    await says(`pod/${each}`, `Pod ${pod.split('-').at(-1)}, 就绪`)
  }

  // Job
  kubectl(`apply -f ${manifest('09-job/sum.yaml')}`)
  await openSlide(page, 'job-tries')
  await says('job/0', 'Job sum, 1 / 1, 做完了')
  await says('pod/0.0', /, 做完了$/)

  // Autoscaler
  kubectl(`apply -f ${manifest('11-hpa/web.yaml')}`)
  kubectl(`apply -f ${manifest('11-hpa/web-autoscaler.yaml')}`)
  await openSlide(page, 'hpa-sum')
  await says('hpa', 'HPA, web')
  await says('sum', /^一个除法 \d+ × \d+% ÷ 30% = [\d.]+, 要 \d+ 个$/, 120_000)

  // Ingress
  const backend = (name: string) => ({ service: { name, port: { number: 80 } } })
  const paths = ['/', '/count'].map((path, index) => ({ path, pathType: 'Prefix', backend: backend(index ? 'nowhere' : 'web') }))
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'door' },
    spec: { rules: [{ host: 'real.example', http: { paths } }] },
  }
  kubectl('apply -f -', JSON.stringify(ingress))
  await openSlide(page, 'ingress-door')
  await says('rule/0', '一条规则 real.example/')
  await says('rule/1', '一条规则 real.example/count')
  await says('service/1', /^Service nowhere, 0 个/)
  expect(heard).toEqual([])
})
