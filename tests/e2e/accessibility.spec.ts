// What a machine can find of barriers (WCAG 2.1 A and AA, by axe) on every screen, light and dark, with something alive on it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'
import { test } from './host.ts'
import { bringUpPod, practise } from './learner.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  nodes: { html: string; failureSummary: string }[]
}

const rules = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
  // Chromium itself, since 130, lets the keyboard into whatever scrolls and holds nothing else to stop at.
  rules: { 'scrollable-region-focusable': { enabled: false } },
}

const barriers = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  const run = `axe.run(document, ${JSON.stringify(rules)}).then(found => found.violations)`
  const violations = (await page.evaluate(run)) as Violation[]
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n${failureSummary}`),
  )
}

const screens = ['labs', 'labs/01-pod', 'cluster', 'setup', 'settings', 'talk', 'talk/architecture', 'talk/pod', 'presenter']

test('no screen has barriers that a machine can find', async ({ page, host, heard }) => {
  await practise(page, host.url)
  await bringUpPod(page)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const screen of screens) {
      await page.evaluate(name => {
        location.hash = `#/${name}`
      }, screen)
      await expect(page.locator(`#sheet[data-screen="${screen.split('/')[0]}"]`)).toBeVisible()
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
      await expect(page.locator('h1').first()).toBeAttached()
      expect(await barriers(page), `${screen}, ${colorScheme}`).toEqual([])
    }
  }
  expect(heard).toEqual([])
})

test('nor the first screen; and the instrument sees a barrier', async ({ page, host }) => {
  await page.goto(host.url)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await page
    .locator('main button')
    .first()
    .evaluate(button => button.replaceChildren())
  expect((await barriers(page)).join()).toContain('button-name')
})
