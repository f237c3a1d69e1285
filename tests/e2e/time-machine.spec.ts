// The time machine under the cluster's sheet: hold, step, hurry, go back, lose a node; and what is still there after a restart.

import { expect, type Page } from '@playwright/test'
import { freshHome, picture, startHost, test } from './host.ts'
import { bringUpPod, practise, typeLine } from './learner.ts'

const strip = (page: Page) => page.getByRole('region', { name: '时间机器' })
const time = (page: Page) => strip(page).locator('.cluster-time b').textContent()
const workload = (page: Page, name: string) => page.locator('.cluster-all tr', { hasText: name })
const choose = async (page: Page, menu: string, item: string | RegExp) => {
  await strip(page).getByRole('button', { name: menu }).click()
  await page.getByRole('menuitem', typeof item === 'string' ? { name: item, exact: true } : { name: item }).click()
}

test('the cluster is held, stepped, hurried, rewound and brought back', async ({ page, host, heard }) => {
  await practise(page, host.url)
  await bringUpPod(page)
  await page.getByRole('link', { name: '集群' }).click()
  await expect(strip(page)).toBeVisible()

  await strip(page).getByRole('button', { name: '停住集群的时间' }).click()
  await expect(strip(page)).toContainText('停住了')
  const held = await time(page)
  await page.waitForTimeout(1500)
  expect(await time(page)).toBe(held)
  await typeLine(page, 'clear; kubectl create deployment web --image=openresty/openresty:alpine --replicas=3', /web created/)
  await expect(workload(page, 'web')).toContainText('0 / 3')
  for (
    let steps = 0;
    steps < 60 &&
    !(
      await workload(page, 'web')
        .textContent()
        .catch(() => '')
    )?.includes('3 / 3');
    steps++
  ) {
    await strip(page).getByRole('button', { name: '走一步' }).click()
    await page.waitForTimeout(100)
  }
  await expect(workload(page, 'web')).toContainText('3 / 3')
  await strip(page).getByRole('button', { name: '让它继续走' }).click()

  await choose(page, '快照', '拍一张快照')
  await typeLine(page, 'clear; kubectl delete deployment web', /"web" deleted/)
  await expect(workload(page, 'web')).toHaveCount(0)
  await choose(page, '快照', /^回到快照 1/)
  await expect(workload(page, 'web')).toContainText('3 / 3')
  await choose(page, '快照', '撤销上一次回退')
  await expect(workload(page, 'web')).toHaveCount(0)
  await choose(page, '快照', /^回到快照 1/)
  await expect(workload(page, 'web')).toContainText('3 / 3')

  await choose(page, '节点', '加一个节点')
  await expect(workload(page, 'node3')).toContainText('Ready')
  await strip(page).getByRole('button', { name: '节点' }).click()
  await page.getByRole('group', { name: 'node2' }).getByRole('menuitem', { name: '断掉它的电' }).click()
  await strip(page).getByRole('radio', { name: '10×' }).click()
  await expect(workload(page, 'node2')).toContainText('Unknown', { timeout: 20_000 })
  await page.screenshot({ path: picture('time-machine-zh-light') })
  await page.getByRole('button', { name: '换成深色' }).click()
  await page.getByRole('button', { name: 'Switch to English' }).click()
  await page.getByRole('button', { name: 'Snapshots' }).click()
  await page.screenshot({ path: picture('time-machine-en-dark') })
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /中文/ }).click()
  await strip(page).getByRole('radio', { name: '1×', exact: true }).click()
  await strip(page).getByRole('button', { name: '退回 30 秒' }).click()
  await strip(page).getByRole('button', { name: '退回 30 秒' }).click()
  await expect(workload(page, 'node2')).toContainText('Ready')

  await choose(page, '快照', '重新开始…')
  await page.getByRole('button', { name: '先不要' }).click()
  await expect(workload(page, 'web')).toContainText('3 / 3')
  await choose(page, '快照', '重新开始…')
  await page.getByRole('button', { name: '重新开始', exact: true }).click()
  await expect(workload(page, 'web')).toHaveCount(0)
  await expect(workload(page, 'node1')).toContainText('Ready')
  expect(heard).toEqual([])
})

test('a learner who closes the app finds his objects again', async ({ page }) => {
  const home = freshHome()
  const first = await startHost([], home)
  await practise(page, first.url)
  await bringUpPod(page)
  await first.stop({ keepHome: true })
  const second = await startHost([], home)
  await page.goto(second.url)
  await page.getByRole('link', { name: '集群' }).click()
  await page.getByRole('button', { name: '启动练习集群' }).click()
  await expect(workload(page, 'openresty')).toContainText('1 / 1')
  await workload(page, 'openresty').getByRole('button', { name: 'openresty', exact: true }).click()
  await expect(page.getByRole('complementary')).toContainText(/重启[过了] 1 次/)
  await second.stop()
})
