// The talk on real screens: keys, overview, a presenter window in step, and words that stay on their slides.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { picture, root, test } from './host.ts'

const ids = readdirSync(join(root, 'resources/slides/zh-CN'))
  .filter(name => name.endsWith('.md'))
  .toSorted()
  .map(name => name.replace(/^\d+-/, '').replace(/\.md$/, ''))

const openTalk = async (page: Page, url: string): Promise<Locator> => {
  await page.goto(url)
  await page.getByRole('link', { name: /不用集群也能放/ }).click()
  const slide = page.locator('article.slide')
  await expect(slide).toHaveAttribute('data-slide', 'cover')
  return slide
}

test('keys, overview, blank, and a presenter window in step', async ({ page, host, heard, context }) => {
  const slide = await openTalk(page, host.url)
  for (const id of ids.slice(1, 5)) {
    await page.keyboard.press('ArrowRight')
    await expect(slide).toHaveAttribute('data-slide', id)
  }

  const [presenter] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('p')])
  await expect(presenter.locator('.presenter-now article')).toHaveAttribute('data-slide', 'architecture')
  await presenter.keyboard.press('PageDown')
  await expect(slide).toHaveAttribute('data-slide', 'control-plane')
  await presenter.keyboard.press('b')
  await expect(page.getByTestId('blank')).toBeVisible()
  await presenter.keyboard.press('b')
  await expect(page.getByTestId('blank')).toBeHidden()
  await presenter.screenshot({ path: picture('presenter') })

  await page.bringToFront()
  await page.keyboard.press('o')
  await expect(page.locator('.talk-overview > ol > li')).toHaveCount(ids.length)
  await page.getByRole('button', { name: '5 Kubernetes 架构' }).click()
  await expect(slide).toHaveAttribute('data-slide', 'architecture')
  for (const part of ['kubectl', 'etcd', 'kube-controller-manager', 'kube-scheduler', 'kube-apiserver']) {
    await page.locator(`[data-part="${part}"]`).first().focus()
    await expect(page.locator(`[data-part="${part}"]`).first()).toHaveAttribute('aria-pressed', 'true')
    await expect(page.locator('.explanation h2')).not.toBeEmpty()
  }
  await page.reload()
  await expect(slide).toHaveAttribute('data-slide', 'architecture')
  expect(heard).toEqual([])
})

test('the whole talk by keyboard alone, to the last slide and back', async ({ page, host, heard }) => {
  const slide = await openTalk(page, host.url)
  for (const [index, id] of ids.entries()) {
    if (index > 0) await page.keyboard.press(index % 2 ? 'PageDown' : ' ')
    await expect(slide).toHaveAttribute('data-slide', id)
  }
  await page.keyboard.press('ArrowRight')
  await expect(slide).toHaveAttribute('data-slide', 'thanks')
  await page.keyboard.press('Home')
  await expect(slide).toHaveAttribute('data-slide', 'cover')
  expect(heard).toEqual([])
})
