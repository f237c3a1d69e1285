// Why is it not ready: a broken image named on the Cluster screen and mended by a click, in both languages; a lesson that says why.

import { expect, type Page } from '@playwright/test'
import { picture, test } from './host.ts'
import { act, check, practise, task, typeLine } from './learner.ts'

const workload = (page: Page, name: string) =>
  page.locator('.cluster-all tr', { has: page.getByRole('button', { name, exact: true }) }).first()

const words = {
  'zh-CN': {
    cluster: '集群',
    trouble: /镜像仓库里没有 nosuch 这个标签/,
    question: /^web-.+ 为什么没有就绪？$/,
    serving: 'web 没有中断，3 个 Pod 还在服务。',
    from: /事件 Failed，来自 kubelet/,
    none: /处有问题/,
    yaml: 'YAML',
    logs: '日志',
    shell: '进容器',
    remove: '删除…',
    removeDo: '删除',
  },
  en: {
    cluster: 'Cluster',
    trouble: /The registry has no tag nosuch/,
    question: /^Why is web-.+ not ready\?$/,
    serving: 'web has not stopped: 3 Pods still serve.',
    from: /event Failed from kubelet/,
    none: /not ready$/,
    yaml: 'YAML',
    logs: 'Logs',
    shell: 'Open a shell',
    remove: 'Delete…',
    removeDo: 'Delete',
  },
} as const

for (const language of ['zh-CN', 'en'] as const)
  test(`a broken image is named, mended by a click, and its Pods looked into: ${language}`, async ({ page, host, heard }) => {
    const say = words[language]
    await practise(page, host.url)
    if (language === 'en') await page.locator('.language-switch').click()
    await page.getByRole('link', { name: say.cluster }).click()
    await page.keyboard.press('Control+`')
    const create = 'kubectl create deployment web --image=openresty/openresty:alpine --replicas=3'
    await typeLine(page, `${create} && kubectl rollout status deployment/web`, /successfully rolled out/)
    await expect(workload(page, 'web')).toContainText('3 / 3')
    await typeLine(page, 'clear; kubectl set image deployment/web openresty=openresty/openresty:nosuch', /image updated/)

    const side = page.locator('.cluster-side')
    const trouble = side.locator('.troubles').getByRole('button', { name: say.trouble })
    await expect(trouble).toContainText('KHW-301')
    await page.keyboard.press('Control+`')
    await workload(page, 'web').getByRole('button', { name: 'web', exact: true }).click()
    const why = side.getByRole('region', { name: say.question })
    await expect(why.getByRole('heading', { level: 1 })).toHaveText(say.trouble)
    await expect(why).toContainText(say.serving)
    await expect(why.locator('.life li')).toHaveCount(5)
    await expect(why.locator('.life .is-done')).toHaveCount(2)
    await expect(why.locator('.life .is-failed')).toHaveCount(1)
    await expect(why).toContainText(say.from)
    await expect(why).toContainText('Failed to pull image "openresty/openresty:nosuch"')
    await expect(why).toContainText('KHW-301')
    await page.screenshot({ path: picture(`why-${language}`) })
    // the Pod itself, by its diamond
    await workload(page, 'web')
      .locator('.disc', { has: page.locator('.failed') })
      .click()
    await expect(page).toHaveURL(/#\/cluster\/.+/)
    await expect(side.locator('.question')).toContainText(/^Pod/)
    await expect(side.getByRole('region', { name: say.question })).toBeVisible()

    await side.locator('.why-acts button').first().click()
    await expect(workload(page, 'web').locator('.disc')).toHaveCount(3)
    await expect(workload(page, 'web').locator('.disc .ready')).toHaveCount(3)
    // the Pod has gone with its trouble
    await expect(side.locator('.troubles')).toHaveCount(0)

    await workload(page, 'web').getByRole('button', { name: 'web', exact: true }).click()
    await side.getByRole('radio', { name: say.yaml }).click()
    await expect(side.locator('.object-text')).toContainText('image: openresty/openresty:alpine')
    await side.getByRole('radio', { name: say.logs }).click()
    await expect(side.locator('.object-text code')).toContainText('web-')
    await side.getByRole('button', { name: say.shell }).click()
    await expect(page.locator('.xterm-rows')).toContainText('kubectl exec -it web-')
    await typeLine(page, 'hostname', /web-\w+-\w+/)
    await page.keyboard.press('Control+`')

    await side.getByRole('radio').first().click()
    await side.getByRole('button', { name: say.remove }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: say.removeDo, exact: true }).click()
    await expect(workload(page, 'web')).toHaveCount(0)
    expect(heard).toEqual([])
  })

test('a lesson says why its Pod is not ready, and leads to the evidence', async ({ page, host, heard }) => {
  await practise(page, host.url)
  // the first command opens the terminal; the learner then makes the Pod by hand, with a slip
  await act(page, 'bare-pod', ['apply'])
  await typeLine(page, 'clear; kubectl delete pod openresty --now', /deleted/)
  await typeLine(page, 'kubectl run openresty --image=openresty/openresty:nosuch', /created/)
  const why = task(page, 'bare-pod').locator('.lesson-why').first()
  await expect(why).toContainText('KHW-301')
  await expect(check(page, 'pod-ready')).toContainText('nosuch')
  await page.screenshot({ path: picture('lesson-why') })
  await why.click()
  await expect(page.locator('.cluster-side h1')).toContainText('镜像仓库里没有 nosuch 这个标签')
  expect(heard).toEqual([])
})
