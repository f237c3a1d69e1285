// Laser, pen and lens while a terminal stands beside the slide: on the same words in both windows, and never over the terminal.

import { expect, type Locator, type Page } from '@playwright/test'
import { complaints, picture, test } from './host.ts'
import { audience, desk } from './in-step.ts'

/** Where everything on a slide lies, in parts of the slide's width; but for the words about the part that each window lights by itself. */
const laidOut = (slide: Locator): Promise<Record<string, number[]>> =>
  slide.evaluate(article => {
    const box = article.getBoundingClientRect()
    const places: Record<string, number[]> = {}
    const add = (name: string, { left, top }: DOMRect) => {
      places[name] = [(left - box.left) / box.width, (top - box.top) / box.width]
    }
    const words = document.createTreeWalker(article, NodeFilter.SHOW_TEXT)
    const range = document.createRange()
    for (let n = 0; words.nextNode(); n++) {
      const { currentNode: text } = words
      if (!text.textContent?.trim() || text.parentElement?.closest('.slide-page, .record, .slide-foot, .explanation')) continue
      range.setStart(text, 0)
      range.setEnd(text, 1)
      add(`${n} ${text.textContent}`, range.getBoundingClientRect())
    }
    for (const part of article.querySelectorAll<SVGElement>('[data-place]'))
      add(part.dataset.place ?? '', part.getBoundingClientRect())
    return places
  })

/** The words under the laser's dot. */
const pointedAt = (slide: Locator): Promise<string> =>
  slide.evaluate(article => {
    const dot = article.querySelector('.laser')?.getBoundingClientRect()
    if (!dot) return 'no laser'
    const [x, y] = [dot.left + dot.width / 2, dot.top + dot.height / 2]
    const under = document.elementsFromPoint(x, y).find(each => !each.closest('.overlay'))
    return under?.closest('[data-place]')?.getAttribute('data-place') ?? under?.textContent?.slice(0, 40) ?? ''
  })

const boxOf = async (thing: Locator) => {
  const box = await thing.boundingBox()
  if (!box) throw new Error('it is not there')
  return box
}
const draw = async (window: Page, [x, y]: [number, number], [toX, toY]: [number, number]) => {
  await window.mouse.move(x, y)
  await window.mouse.down()
  await window.mouse.move((x + toX) / 2, (y + toY) / 2)
  await window.mouse.move(toX, toY)
  await window.mouse.up()
}

for (const { id, word, size } of [
  { id: 'etcd', word: 'li, p', size: { width: 1280, height: 720 } },
  { id: 'architecture', word: '[data-place="etcd"]', size: { width: 1024, height: 768 } },
  { id: 'kubelet', word: 'li, p', size: { width: 1920, height: 1080 } },
])
  test(`beside a terminal, ${size.width}x${size.height}: one laser, one pen, one lens (${id})`, async ({
    page,
    host,
    heard,
    context,
  }) => {
    await page.setViewportSize(size)
    await page.goto(`${host.url}&/talk/${id}`)
    await expect(page.locator(audience)).toHaveAttribute('data-slide', id)
    const [presenter] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('p')])
    const complained = complaints(presenter)
    await presenter.setViewportSize({ width: 1280, height: 800 })
    const [seen, led] = [page.locator(audience), presenter.locator(desk)]
    await expect(led).toHaveAttribute('data-slide', id)
    // Drawn before the terminal comes, where the words are then.
    await presenter.keyboard.press('d')
    const before = await boxOf(led)
    await draw(presenter, [before.x + 40, before.y + 40], [before.x + 200, before.y + 90])
    await expect(page.locator('.ink')).toHaveCount(1)
    await presenter.keyboard.press('d')

    await presenter.keyboard.press('t')
    await expect(page.locator('.beside .xterm-screen')).toBeVisible()
    await expect(page.locator('.ink'), 'its words stand elsewhere now').toHaveCount(0)
    const shapeOf = async (slide: Locator) => {
      const { width, height } = await boxOf(slide)
      return width / height
    }
    await expect.poll(async () => Math.abs((await shapeOf(led)) / (await shapeOf(seen)) - 1)).toBeLessThan(0.01)
    await expect
      .poll(async () => {
        const [here, there] = [await laidOut(seen), await laidOut(led)]
        expect(Object.keys(here).length).toBeGreaterThan(3)
        return Object.entries(here).flatMap(([name, [x = 0, y = 0]]) => {
          const [deskX = 9, deskY = 9] = there[name] ?? []
          return Math.max(Math.abs(x - deskX), Math.abs(y - deskY)) > 6 / 1920 ? [`${name}: ${[x, y, deskX, deskY]}`] : []
        })
      }, 'both lay the slide out alike')
      .toEqual([])

    // The laser, from either window.
    const middleOf = async (thing: Locator): Promise<[number, number]> => {
      const { x, y, width, height } = await boxOf(thing)
      return [x + Math.min(width / 2, 60), y + height / 2]
    }
    await presenter.keyboard.press('l')
    await presenter.mouse.move(...(await middleOf(led.locator(word).first())))
    await presenter.mouse.move(...(await middleOf(led.locator(word).first())), { steps: 2 })
    await expect(page.locator('.laser')).toBeVisible()
    await expect.poll(async () => (await pointedAt(seen)) === (await pointedAt(led))).toBe(true)
    await presenter.keyboard.press('l')
    await page.keyboard.press('l')
    await page.mouse.move(...(await middleOf(seen.locator(word).first())))
    await expect(presenter.locator('.laser')).toBeVisible()
    await expect.poll(async () => (await pointedAt(seen)) === (await pointedAt(led))).toBe(true)
    await page.screenshot({ path: picture(`beside-laser-${id}`) })
    const terminal = await boxOf(page.locator('.beside .xterm-screen'))
    await page.mouse.move(terminal.x + 40, terminal.y + 60)
    await expect(presenter.locator('.laser'), 'never over the terminal').toBeHidden()
    await page.keyboard.press('l')

    // The pen.
    await page.keyboard.press('d')
    const part = await boxOf(seen)
    await draw(page, [part.x + 60, part.y + 120], [part.x + 260, part.y + 180])
    // One that is drawn across the edge stays on its side of it.
    await draw(page, [part.x + 60, part.y + 220], [terminal.x + 200, part.y + 230])
    await page.keyboard.press('d')
    await expect(presenter.locator('.ink')).toHaveCount(2)
    const under = (x: number, y: number) =>
      page.evaluate(([a, b]) => document.elementFromPoint(a as number, b as number)?.closest('.beside') !== null, [x, y])
    expect(await under(terminal.x + 100, part.y + 225)).toBe(true)
    const overlay = await boxOf(page.locator('.overlay'))
    expect(overlay.x + overlay.width).toBeLessThanOrEqual((await boxOf(page.locator('.beside'))).x + 1)
    await page.reload()
    await expect(page.locator('.ink')).toHaveCount(2)

    // The lens enlarges the slide's part, and the terminal stays where it is.
    await expect(page.locator('.beside .xterm-screen')).toBeVisible()
    const own = await boxOf(led)
    await presenter.keyboard.press('z')
    await draw(presenter, [own.x + 2, own.y + 2], [own.x + own.width / 2, own.y + 30])
    const wide = (await boxOf(page.locator('.stage-view'))).width
    await expect.poll(async () => (await boxOf(seen)).width / wide).toBeCloseTo(2, 1)
    expect(await boxOf(page.locator('.beside .xterm-screen'))).toEqual(terminal)
    expect(await under(terminal.x + 100, terminal.y + 30)).toBe(true)
    expect((await boxOf(page.locator('.stage-view'))).width).toBeCloseTo(wide, 0)
    await expect(presenter.locator('.lens-frame')).toHaveCount(1)
    await page.screenshot({ path: picture(`beside-lens-${id}`) })

    // Without the terminal: all of the slide, and its own ink again.
    await presenter.keyboard.press('t')
    await expect(page.locator('.beside')).toBeHidden()
    await expect.poll(async () => (await boxOf(seen)).width / size.width).toBeCloseTo(1, 2)
    await expect(page.locator('.ink')).toHaveCount(1)
    expect([...heard, ...complained]).toEqual([])
  })
