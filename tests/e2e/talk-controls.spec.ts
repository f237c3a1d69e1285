// The talk's own controls, which come when the mouse moves: wherever the talk is, they lie on nothing. Each slide takes its turn among the
// sizes; KHW_EVERY_SIZE=1 looks at every slide at every size, which takes minutes.

import { expect, type Page } from '@playwright/test'
import { picture, slideIds, test } from './host.ts'

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 1024, height: 768 },
]
const turn = (count: number) => (process.env.KHW_EVERY_SIZE ? sizes : [sizes[count % sizes.length]!])

/** What has something to say and lies under the controls: words, parts of pictures, buttons, the terminal. */
const covered = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const controls = document.querySelector('.talk-controls')
    if (!controls || getComputedStyle(controls).pointerEvents === 'none') return ['the controls are not seen']
    const lid = controls.getBoundingClientRect()
    const isUnder = ({ left, right, top, bottom, width, height }: DOMRect) =>
      width > 0 && height > 0 && left < lid.right && right > lid.left && top < lid.bottom && bottom > lid.top
    const isOurs = (element: Element | null) =>
      element === null || element.closest('.talk-controls, .is-silent, .unseen') !== null
    const where = document.querySelector<HTMLElement>('.talk article.slide')?.dataset.slide
    const found: string[] = []
    const words = document.createTreeWalker(document.querySelector('.talk') as Element, NodeFilter.SHOW_TEXT)
    const range = document.createRange()
    while (words.nextNode()) {
      const text = words.currentNode
      if (isOurs(text.parentElement) || !text.textContent?.trim()) continue
      range.selectNodeContents(text)
      if ([...range.getClientRects()].some(isUnder)) found.push(`${where}: ${text.textContent.slice(0, 40)}`)
    }
    for (const thing of document.querySelectorAll('.talk :is(button, .shape, .dot, .xterm-screen, .slide-foot, .drawing)'))
      if (!isOurs(thing) && isUnder(thing.getBoundingClientRect())) found.push(`${where}: ${thing.getAttribute('class')}`)
    const { left, right, top, bottom } = lid
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) found.push(`${where}: the controls are cut off`)
    return found
  })

for (const language of ['zh-CN', 'en'] as const)
  test(`the controls cover nothing: all slides, three sizes in turn, also beside a terminal (${language})`, async ({
    page,
    host,
    heard,
  }) => {
    test.setTimeout(300_000)
    await page.goto(host.url)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    if (language === 'en') await page.locator('.language-switch').click()
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    const wrong: string[] = []
    let looked = language === 'en' ? 1 : 0
    const look = async (what: string) => {
      // Alone and beside something a slide has different sizes, and others again in the other language.
      for (const size of turn(looked++)) {
        await page.setViewportSize(size)
        // Words are fitted anew to another size.
        let found = ['not looked at yet']
        for (let looks = 0; looks < 20 && found.length > 0; looks++) {
          await page.mouse.move(200 + looks, size.height - 4)
          found = await covered(page)
          if (found.length > 0) await page.waitForTimeout(50)
        }
        wrong.push(...found.map(each => `${language} ${size.width}x${size.height} ${what} ${each}`))
      }
    }
    await page.goto(page.url().replace(/#.*/, `#/talk/${slideIds[0]}`))
    for (const id of slideIds) {
      await page.evaluate(hash => {
        location.hash = hash
      }, `#/talk/${id}`)
      const slide = page.locator('.talk article.slide')
      await expect(slide).toHaveAttribute('data-slide', id)
      const beside = page.locator('.beside')
      const opensAlone = !(await beside.isVisible())
      await look('as it opens')
      // The terminal comes beside it; where it was already, it goes and leaves the chart.
      await page.keyboard.press('Control+Backquote')
      await expect(page.locator('.beside .xterm-screen')).toHaveCount(opensAlone ? 1 : 0)
      await look(opensAlone ? 'beside a terminal' : 'beside a chart')
    }
    expect(wrong).toEqual([])
    await page.setViewportSize({ width: 1280, height: 720 })
    await page.mouse.move(640, 500)
    await page.screenshot({ path: picture(`controls-beside-${language}`) })
    expect(heard).toEqual([])
  })
