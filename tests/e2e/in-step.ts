// How far apart the presenter's and the audience's windows are, measured in both pages by one clock.

import { expect, type Page } from '@playwright/test'

/** Notes the moment at which each slide comes into a window's page, in milliseconds since the epoch. */
const watchSlides = (page: Page, where: string) =>
  page.evaluate(selector => {
    const seen: [string, number][] = []
    const note = () => {
      const slide = document.querySelector<HTMLElement>(selector)?.dataset.slide
      if (slide && slide !== seen.at(-1)?.[0]) seen.push([slide, performance.timeOrigin + performance.now()])
    }
    note()
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['data-slide'],
    })
    Object.assign(window, { seenSlides: seen })
  }, where)

const seenSlides = (page: Page): Promise<[string, number][]> =>
  page.evaluate(() => (window as unknown as { seenSlides: [string, number][] }).seenSlides)

/** The moments at which a key went down in a window. */
const watchKeys = (page: Page) =>
  page.evaluate(() => {
    const pressed: number[] = []
    window.addEventListener('keydown', () => pressed.push(performance.timeOrigin + performance.now()), { capture: true })
    Object.assign(window, { pressedAt: pressed })
  })

/** The slide as the audience sees it, and as the presenter does. */
export const audience = '.talk article.slide'
export const desk = '.presenter-slide article.slide'

/** Turns in the presenter's window: how long after each key the audience sees the slide, and how far apart the windows are. */
export const measure = async (page: Page, presenter: Page, turns: number) => {
  await Promise.all([watchSlides(page, audience), watchSlides(presenter, desk), watchKeys(presenter)])
  for (let n = 1; n <= turns; n++) {
    await presenter.keyboard.press('PageDown')
    await expect.poll(async () => (await seenSlides(page)).length, { message: `slide ${n} came`, intervals: [20] }).toBe(n + 1)
    await expect.poll(async () => (await seenSlides(presenter)).length, { intervals: [20] }).toBe(n + 1)
  }
  const pressed = await presenter.evaluate(() => (window as unknown as { pressedAt: number[] }).pressedAt)
  const [here, there] = [(await seenSlides(presenter)).slice(1), (await seenSlides(page)).slice(1)]
  expect(there.map(([slide]) => slide)).toEqual(here.map(([slide]) => slide))
  const apart = there.map(([, at], n) => Math.abs(at - (here[n]?.[1] ?? 0)))
  const after = there.map(([, at], n) => at - (pressed[n] ?? 0))
  const figures = (values: number[]) => {
    const sorted = values.toSorted((a, b) => a - b)
    return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, worst: sorted.at(-1) ?? 0 }
  }
  return { apart: figures(apart), after: figures(after) }
}

/** Figures in words. */
export const told = ({ median, worst }: { median: number; worst: number }) =>
  `median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`
