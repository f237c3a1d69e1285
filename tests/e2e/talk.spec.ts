// The talk on real screens: keys, overview, a presenter window in step, and words that stay on their slides.

import { expect, type Locator, type Page } from '@playwright/test'
import { slideIds as ids, test } from './host.ts'

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

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 1024, height: 768 },
]

/** Words outside their slide, and words that lie over other words or over the page's number. */
const misplaced = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.print-page article')].flatMap(slide => {
      const box = slide.getBoundingClientRect()
      const unit = Math.min(box.width / 1920, box.height / 1080)
      const wrong = (item: Element, why: string) => `${slide.dataset.slide}: ${why}: ${item.textContent?.slice(0, 60)}`
      const items = [...slide.querySelectorAll('h1, h2, p, li, pre, td, th, dd, dt, text')].filter(item => {
        const { width } = item.getBoundingClientRect()
        return width > 0
      })
      const outside = items.filter(item => {
        const { left, right, top, bottom } = item.getBoundingClientRect()
        return left < box.left - 1 || right > box.right - 20 * unit || top < box.top - 1 || bottom > box.bottom - 1
      })
      const number = slide.querySelector('.slide-page')?.getBoundingClientRect()
      const onNumber = items.filter(item => {
        if (!number || item.classList.contains('slide-page')) return false
        const range = document.createRange()
        range.selectNodeContents(item)
        return [...range.getClientRects()].some(
          rect =>
            rect.right > number.left - 4 && rect.bottom > number.top && rect.left < number.right && rect.top < number.bottom,
        )
      })
      const wide = items.filter(item => item.scrollWidth > item.clientWidth + 1 && item.matches('pre, li, p, h1'))
      const prose = slide.querySelector('.slide-prose')
      const low = prose && slide.matches('.is-prose') ? prose.scrollHeight - prose.clientHeight : 0
      return [
        ...outside.map(item => wrong(item, 'outside')),
        ...onNumber.map(item => wrong(item, 'on the number')),
        ...wide.map(item => wrong(item, 'too wide')),
        ...(prose && low > 1 ? [wrong(prose, `${Math.round(low / unit)} units too high`)] : []),
      ]
    }),
  )

/** Where what does not depend on the words stands: slide, title, pictures, number. */
const places = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.print-page article')].flatMap(slide => {
      const { left, top } = slide.getBoundingClientRect()
      return [slide, ...slide.querySelectorAll('.is-prose > h1, .is-diagram > h1, svg.diagram, .slide-page')].map(item => {
        const box = item.getBoundingClientRect()
        return `${slide.dataset.slide} ${item.tagName} ${[box.left - left, box.top - top, box.height].map(Math.round)}`
      })
    }),
  )

test('no slide overflows, nothing moves with the language: three sizes, both languages, both themes, all slides', async ({
  page,
  host,
  heard,
}) => {
  await page.goto(host.url)
  await expect(page.getByRole('link', { name: /不用集群也能放/ })).toBeVisible()
  const stood: Record<string, string[]> = {}
  for (const language of ['zh-CN', 'en'])
    for (const theme of ['light', 'dark']) {
      await page.goto(page.url().replace(/#.*/, `#/print/${language},${theme}`))
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      await expect(page.locator(`html[lang="${language}"] .print[data-ready="true"]`)).toBeVisible()
      await expect(page.locator('.print-page')).toHaveCount(ids.length)
      for (const size of sizes) {
        await page.setViewportSize(size)
        const here = `${theme} ${size.width}x${size.height}`
        expect(await misplaced(page), `${language} ${here}`).toEqual([])
        const stand = await places(page)
        stood[here] ??= stand
        expect(stand, `${language} ${here}`).toEqual(stood[here])
      }
    }
  expect(heard).toEqual([])
})
