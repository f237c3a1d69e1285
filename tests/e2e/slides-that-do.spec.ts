// Slides that do: a real terminal beside a slide, a lab's step run from it, its chart, and the turn when the cluster is ready.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { complaints, root, startHost, test } from './host.ts'
import { screen, typeLine } from './learner.ts'

const ids = readdirSync(join(root, 'resources/slides/zh-CN'))
  .filter(name => name.endsWith('.md'))
  .toSorted()
  .map(name => name.replace(/^\d+-/, '').replace(/\.md$/, ''))

const slide = (page: Page) => page.locator('article.slide').first()
const openAt = async (page: Page, url: string, id: string): Promise<void> => {
  await page.goto(url)
  await page.getByRole('link', { name: /不用集群也能放/ }).click()
  await expect(slide(page)).toHaveAttribute('data-slide', 'cover')
  await turnTo(page, id)
}
const turnTo = async (page: Page, id: string): Promise<void> => {
  await page.evaluate(hash => {
    location.hash = hash
  }, `#/talk/${id}`)
  await expect(slide(page)).toHaveAttribute('data-slide', id)
}
const step = (page: Page) => page.locator('.step')
const next = (page: Page) => page.getByTestId('step-run')
/** Runs the next command from a window and waits until another is the next. */
const run = async (page: Page, command: string, then: string): Promise<void> => {
  await expect(next(page)).toContainText(command)
  await page.keyboard.press('Enter')
  await expect(next(page)).toContainText(then, { timeout: 60_000 })
}

test('a slide runs its lab: in the terminal beside it, with its chart, from either window, and after a reload', async ({
  page,
  host,
  heard,
  context,
}) => {
  await openAt(page, host.url, 'lab-deployment')
  // Nothing runs, and no cluster is begun, before somebody presses.
  await expect(next(page)).toContainText('kubectl apply -f openresty-deployment.yaml')
  await expect(page.locator('.beside .xterm')).toBeVisible()
  await run(page, 'kubectl apply', 'kubectl rollout status')
  await expect.poll(() => screen(page)).toContain('deployment.apps/openresty created')
  await expect(page.locator('.beside-chart [data-object="Deployment/openresty"]')).toBeVisible()

  const [presenter] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('p')])
  const presenterHeard = complaints(presenter)
  await expect(next(presenter)).toContainText('kubectl rollout status')
  await run(presenter, 'kubectl rollout status', 'kubectl get all')
  await expect.poll(() => screen(page)).toContain('successfully rolled out')
  await expect(page.locator('[data-check="one-ready"]')).toHaveAttribute('data-passed', 'true')
  await run(presenter, 'kubectl get all', 'kubectl delete pod')
  await expect.poll(() => screen(page)).toMatch(/replicaset\.apps\/openresty-\w+ +1 +1 +1/)
  // A table of kubectl stands unwrapped.
  expect((await screen(page)).split('\n').find(row => row.startsWith('NAME') && row.includes('EXTERNAL-IP'))).toMatch(/AGE/)

  const before = await screen(page)
  await page.reload()
  await expect(slide(page)).toHaveAttribute('data-slide', 'lab-deployment')
  await expect.poll(() => screen(page)).toBe(before)
  await expect(next(page)).toContainText('kubectl delete pod')
  await expect(page.locator('.beside-chart [data-object="Deployment/openresty"]')).toBeVisible()
  expect([...heard, ...presenterHeard]).toEqual([])
})

test('an armed slide says what it waits for and turns when that is there; a presenter who moved is left where he is', async ({
  page,
  host,
  heard,
}) => {
  await openAt(page, host.url, 'pod')
  await expect(page.locator('.beside')).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(page.locator('.beside-chart')).toBeVisible()
  await expect(step(page).locator('[data-check]')).toHaveCount(3)
  await expect(next(page)).toContainText('kubectl wait', { timeout: 60_000 })
  const arm = page.locator('.step-arm')
  await expect(arm).toHaveAttribute('aria-pressed', 'false')
  await page.keyboard.press('a')
  await expect(arm).toHaveAttribute('aria-pressed', 'true')
  await run(page, 'kubectl wait', 'kubectl get pod -owide')
  await run(page, 'kubectl get pod -owide', 'curl')
  await expect(slide(page)).toHaveAttribute('data-slide', 'pod')
  await page.keyboard.press('Enter')
  // Everybody sees that all is there before it turns.
  await expect(step(page)).toHaveAttribute('data-ready', 'true')
  await expect(slide(page)).toHaveAttribute('data-slide', ids[ids.indexOf('pod') + 1] ?? '')
  await expect(page.locator('.beside')).toBeHidden()

  await turnTo(page, 'replicaset')
  await page.keyboard.press('a')
  await page.keyboard.press('Enter')
  await expect(page.locator('.step-arm')).toHaveAttribute('aria-pressed', 'true')
  for (const command of [
    'kubectl rollout',
    'kubectl get all',
    'kubectl delete pod',
    'kubectl get all',
    'kubectl delete replicaset',
  ])
    await expect(next(page))
      .toContainText(command, { timeout: 60_000 })
      .then(() => page.keyboard.press('Enter'))
  await expect(next(page)).toContainText('kubectl get all', { timeout: 60_000 })
  await page.keyboard.press('Enter')
  await expect(next(page)).toContainText('kubectl delete deployment', { timeout: 60_000 })
  await page.keyboard.press('Enter')
  await expect(step(page)).toHaveAttribute('data-ready', 'true', { timeout: 60_000 })
  await page.keyboard.press('Home')
  await page.waitForTimeout(3_000)
  await expect(slide(page)).toHaveAttribute('data-slide', 'cover')
  expect(heard).toEqual([])
})

test('one key brings the terminal beside any slide; keys, mouse and clicker know where they belong', async ({
  page,
  host,
  heard,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openAt(page, host.url, 'etcd')
  await page.keyboard.press('t')
  await expect(page.locator('.beside .xterm-helper-textarea')).toBeFocused()
  await typeLine(page, 'echo one-two three_four', /\none-two three_four/)
  // The mouse falls on the cell that it points at: a double click takes that word, wherever it stands.
  const row = page.locator('.xterm-rows > div', { hasText: /^one-two three_four/ })
  const cells = await page.locator('.xterm-screen').evaluate(element => element.getBoundingClientRect().width)
  const box = (await row.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  const columns = await page.evaluate(() =>
    Number(getComputedStyle(document.querySelector('.xterm-rows') as Element).width.replace('px', '')),
  )
  expect(Math.abs(cells - columns)).toBeLessThan(2)
  const size = await page
    .locator('.xterm-char-measure-element')
    .first()
    .evaluate(element => element.getBoundingClientRect().width / (element.textContent?.length || 1))
  await page.mouse.dblclick(box.x + size * 12.5, box.y + box.height / 2)
  await page.keyboard.press('Control+Shift+C')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('three_four')

  await page.keyboard.press('ArrowLeft')
  await expect(slide(page)).toHaveAttribute('data-slide', 'etcd')
  await page.keyboard.press('PageDown')
  await expect(slide(page)).toHaveAttribute('data-slide', 'kube-controller-manager')
  await expect(page.locator('.beside')).toBeHidden()
  await page.keyboard.press('Control+Backquote')
  await expect.poll(() => screen(page)).toContain('one-two three_four')
  await page.keyboard.press('Control+Backquote')
  await expect(page.locator('.beside')).toBeHidden()
  await page.keyboard.press('ArrowRight')
  await expect(slide(page)).toHaveAttribute('data-slide', 'cloud-controller-manager')
  expect(heard).toEqual([])
})

test('a deck of somebody else runs a lab’s step, and nothing of its own without Enter in the terminal', async ({ page }) => {
  const deck = mkdtempSync(join(tmpdir(), 'khw-own-'))
  const write = (name: string, fields: string) =>
    writeFileSync(join(deck, name), `---\ntitle: Mine\nlayout: prose\n${fields}\n---\n\nLook.\n`)
  write('010-own.md', 'command: echo own-$((40 + 2))\nbeside: terminal')
  write('020-lab.md', 'lesson: 01-pod\ntask: bare-pod')
  const host = await startHost(['--deck', deck])
  try {
    await page.goto(host.url)
    await page.getByRole('link', { name: /不用集群也能放/ }).click()
    await expect(next(page)).toContainText('echo own-$((40 + 2))')
    await page.keyboard.press('Enter')
    await expect.poll(() => screen(page)).toContain('echo own-$((40 + 2))')
    await page.waitForTimeout(1_000)
    expect(await screen(page)).not.toContain('own-42')
    await page.locator('.beside .xterm-helper-textarea').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => screen(page)).toContain('own-42')
    await page.keyboard.press('PageDown')
    await expect(slide(page)).toHaveAttribute('data-slide', 'lab')
    await page.keyboard.press('Enter')
    await expect(next(page)).toContainText('kubectl wait', { timeout: 60_000 })
    await expect.poll(() => screen(page)).toContain('pod/openresty created')
  } finally {
    await host.stop()
    rmSync(deck, { recursive: true, force: true })
  }
})

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 1024, height: 768 },
]

/** What of a slide beside a terminal is outside its box, or cut off. */
const misplaced = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const article = document.querySelector<HTMLElement>('.talk article.slide')
    const host = document.querySelector('.beside .xterm-screen')
    if (!article || !host) return ['no slide, or no terminal beside it']
    const box = article.getBoundingClientRect()
    const wrong = (item: Element, why: string) => `${article.dataset.slide}: ${why}: ${item.textContent?.slice(0, 60)}`
    // What only a screen reader is told is clipped on purpose.
    const items = [...article.querySelectorAll('h1, h2, p, li, pre, td, th, dd, dt, text')].filter(
      item => item.closest('.is-silent, .unseen') === null,
    )
    const outside = items.filter(item => {
      const { left, right, top, bottom, width } = item.getBoundingClientRect()
      return width > 0 && (left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1)
    })
    const wide = items.filter(item => item.scrollWidth > item.clientWidth + 1 && item.matches('pre, li, p, h1'))
    const prose = article.querySelector('.slide-prose')
    const isHigh = prose && article.matches('.is-prose') && prose.scrollHeight > prose.clientHeight + 1
    const explanation = article.querySelector('.explanation')
    const isCut = explanation && explanation.scrollHeight > explanation.clientHeight + 1
    const beside = document.querySelector('.beside')?.getBoundingClientRect()
    return [
      ...outside.map(item => wrong(item, 'outside')),
      ...wide.map(item => wrong(item, 'too wide')),
      ...(isCut ? [wrong(explanation, 'cut off')] : []),
      ...(isHigh ? [wrong(prose, `${prose.scrollHeight - prose.clientHeight} px too high`)] : []),
      ...(beside && beside.left < box.right - 1 ? [`${article.dataset.slide}: the terminal lies over it`] : []),
    ]
  })

test('beside a terminal no slide overflows, and a table of kubectl has its columns: three sizes, both languages', async ({
  page,
  host,
  heard,
}) => {
  test.setTimeout(240_000)
  await openAt(page, host.url, 'cover')
  const wrong: string[] = []
  for (const language of ['zh-CN', 'en']) {
    if (language === 'en') {
      await page.goto(page.url().replace(/#.*/, '#/settings'))
      await page.getByRole('radio', { name: 'English' }).click()
      await expect(page.locator('html')).toHaveAttribute('lang', 'en')
      await page.goto(page.url().replace(/#.*/, '#/talk/cover'))
    }
    for (const id of ids) {
      await turnTo(page, id)
      if (!(await page.locator('.beside').isVisible())) await page.keyboard.press('t')
      await expect(page.locator('.beside .xterm-screen')).toBeVisible()
      // The step's words, where it has one, take their place first.
      await expect.poll(() => page.evaluate(() => document.fonts.status)).toBe('loaded')
      for (const size of sizes) {
        await page.setViewportSize(size)
        // The words are fitted anew once the step below them has taken its place.
        let found = await misplaced(page)
        for (let looks = 0; looks < 20 && found.length > 0; looks++) {
          await page.waitForTimeout(50)
          found = await misplaced(page)
        }
        wrong.push(...found.map(what => `${language} ${size.width}x${size.height} ${what}`))
      }
      // Out of the terminal again, so that the next T is the talk's.
      await page
        .locator('article.slide h1')
        .first()
        .click({ position: { x: 4, y: 4 } })
    }
  }
  expect(wrong).toEqual([])
  await typeLine(page, 'tput cols', /\n(8[2-9]|9\d)/)
  expect(heard).toEqual([])
})
