// Ink outlives the app, also one that is killed; what was wiped does not.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { freshHome, type RunningHost, startHost, test } from './host.ts'

const openSlide = async (page: Page, host: RunningHost, id: string): Promise<void> => {
  await page.goto('about:blank')
  await page.goto(`${host.url}&/talk/${id}`)
  await expect(page.locator('.talk article.slide')).toHaveAttribute('data-slide', id)
}
const draw = async (page: Page, tool: 'd' | 'm', y: number): Promise<void> => {
  await page.keyboard.press(tool)
  await page.mouse.move(300, y)
  await page.mouse.down()
  await page.mouse.move(600, y + 40, { steps: 5 })
  await page.mouse.up()
  await page.keyboard.press(tool)
}
const ink = (page: Page) => page.locator('.talk .ink')

test('ink is there again after the host was killed, on its slide only, and wiped ink is gone for good', async ({ page }) => {
  const home = freshHome()
  const file = join(home.home, 'state/kubernetes-hello-world/ink/talk.json')
  const written = (): { strokes: { slide: string }[] } => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))
    } catch {
      return { strokes: [] }
    }
  }
  const kill = async (host: RunningHost) => {
    const ended = new Promise(done => host.process.once('exit', done))
    host.process.kill('SIGKILL')
    await ended
  }
  const first = await startHost([], home)
  await openSlide(page, first, 'pod')
  await draw(page, 'd', 300)
  await draw(page, 'm', 400)
  await expect(ink(page)).toHaveCount(2)
  const paths = await ink(page).evaluateAll(lines => lines.map(line => line.getAttribute('d')))
  await openSlide(page, first, 'etcd')
  await draw(page, 'd', 350)
  await expect.poll(() => written().strokes.map(({ slide }) => slide)).toEqual(['pod', 'pod', 'etcd'])
  // The line's end may be a second behind its beginning.
  await page.waitForTimeout(1500)
  await kill(first)

  const second = await startHost([], home)
  await openSlide(page, second, 'pod')
  await expect(ink(page)).toHaveCount(2)
  expect(await ink(page).evaluateAll(lines => lines.map(line => line.getAttribute('d')))).toEqual(paths)
  await page.keyboard.press('c')
  await expect(ink(page)).toHaveCount(0)
  await expect.poll(() => written().strokes.map(({ slide }) => slide)).toEqual(['etcd'])
  await kill(second)

  const third = await startHost([], home)
  await openSlide(page, third, 'etcd')
  await expect(ink(page)).toHaveCount(1)
  await openSlide(page, third, 'pod')
  await expect(ink(page)).toHaveCount(0)
  await third.stop({ keepHome: true })

  // A broken file holds nobody up, and is told where the app's own troubles are.
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40))
  const fourth = await startHost([], home)
  await openSlide(page, fourth, 'etcd')
  await expect(ink(page)).toHaveCount(0)
  await draw(page, 'd', 350)
  await expect(ink(page)).toHaveCount(1)
  await page.goto(page.url().replace(/#.*/, '#/settings'))
  await expect(page.getByText('KHW-054')).toBeVisible()
  await fourth.stop()
})
