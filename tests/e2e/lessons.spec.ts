// Every lesson from its first command to its last, as a learner goes: in Chinese with wrong turns, in English on a cluster in a hurry.

import { expect, type Page } from '@playwright/test'
import { test as base, complaints, picture, type RunningHost, startHost } from './host.ts'
import { lessonIds, walkLesson } from './learner.ts'
import { wrongTurns } from './wrong-turns.ts'

/** A host for as many lessons as one worker walks: a learner does not start the app anew for each. */
const test = base.extend<object, { classroom: RunningHost }>({
  classroom: [
    async ({ browserName: _browser }, use) => {
      const host = await startHost()
      await use(host)
      await host.stop()
    },
    { scope: 'worker' },
  ],
})

test.describe.configure({ mode: 'parallel' })
test.use({ actionTimeout: 15_000 })

/** By lesson: the command before which there is most to see. */
const moments: Readonly<Record<string, string>> = {
  '01-pod': 'hello-world/delete',
  '02-deployment': 'ten/look-again',
  '03-service': 'cluster-ip/wget',
  '04-statefulset': 'returns/get',
  '05-labels': 'let-go/endpoints',
  '06-namespace': 'quota/used',
  '07-replicationcontroller': 'hand-over/clean-up',
  '08-daemonset': 'each-node/logs',
  '09-job': 'many/logs',
  '10-cronjob': 'strike/events',
  '11-hpa': 'shrink/leave',
  '12-storage': 'by-hand/look-again',
  '20-break': 'case-3/logs',
  '99-final': 'survive/curl',
}

/** Waiting for a clock is no part of these lessons that a learner at the time machine would not hurry. */
const slow = new Set(['10-cronjob', '11-hpa'])

/** With a new window to the lesson, on a running cluster whose time goes so fast, and to its start. */
const sitDown = async (page: Page, host: RunningHost, lesson: string, language: string): Promise<void> => {
  await page.goto(await host.link())
  await expect(page.locator('.language-switch')).toBeVisible()
  const html = page.locator('html')
  if ((await html.getAttribute('lang')) !== language) await page.locator('.language-switch').click()
  await expect(html).toHaveAttribute('lang', language)
  // the theme's switch says what a click would do
  const theme = page.getByRole('button', { name: language === 'en' ? 'Switch to dark' : '换成浅色' })
  if (await theme.isVisible()) await theme.click()
  await page.goto(page.url().replace(/#.*/, '#/cluster'))
  const start = page.getByRole('button', { name: /^(启动练习集群|Start the practice cluster)$/ })
  const speed = page.getByRole('radio', { name: language === 'en' || slow.has(lesson) ? '10×' : '1×', exact: true })
  await expect(start.or(speed).first()).toBeVisible()
  if (await start.isVisible()) await start.click()
  await speed.click()
  await expect(speed).toHaveAttribute('aria-checked', 'true')
  await page.goto(page.url().replace(/#.*/, `#/labs/${lesson}`))
  const done = page.getByTestId('lesson-done')
  await expect(page.locator('[data-state="now"]').or(done)).toBeVisible()
  if (await done.isVisible()) {
    const again = /^(重来|Start over)$/
    await page.getByRole('button', { name: again }).first().click()
    await page.getByRole('alertdialog').getByRole('button', { name: again }).click()
  }
  await expect(page.locator('[data-task]').first()).toHaveAttribute('data-state', 'now', { timeout: 60_000 })
}

for (const language of ['zh-CN', 'en'] as const)
  for (const lesson of lessonIds)
    test(`${lesson}, ${language}`, async ({ page, classroom }) => {
      test.setTimeout(240_000)
      const heard = complaints(page)
      await sitDown(page, classroom, lesson, language)
      const turn = language === 'zh-CN' ? wrongTurns[lesson] : undefined
      const look = language === 'zh-CN' ? '' : '-en-dark'
      await walkLesson(page, lesson, {
        types: language === 'zh-CN',
        before: async at => {
          if (at === moments[lesson]) await page.screenshot({ path: picture(`lab-${lesson}${look}`) })
          if (at === turn?.before) await turn.take(page, classroom)
        },
      })
      await expect(page.locator('.lesson')).toContainText(language === 'en' ? /[a-z]{4}/ : /\p{Script=Han}{4}/u)
      expect(heard).toEqual([])
    })

test('every lesson has a wrong turn', () => {
  expect(Object.keys(wrongTurns).sort()).toEqual(lessonIds)
  expect(Object.keys(moments).sort()).toEqual(lessonIds)
})
