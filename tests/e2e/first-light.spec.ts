// First light: a fresh home, one click, and every step of labs 01 and 02 by clicks in the real terminal.

import { expect } from '@playwright/test'
import { picture, test } from './host.ts'
import { walkLesson } from './learner.ts'

test('fresh start, practise now, labs 01 and 02 by clicks', async ({ page, host, heard }) => {
  test.setTimeout(480_000)
  await page.goto(host.url)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('先要有一个集群')
  expect(page.url()).not.toContain('#k=')
  await page.screenshot({ path: picture('welcome-light') })

  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/labs\/01-pod$/, { timeout: 20_000 })
  await walkLesson(page, '01-pod')
  const checks = page.locator('[data-check]')
  await page.locator('details.lesson-again').evaluateAll(items => {
    for (const item of items) item.setAttribute('open', '')
  })
  expect(await checks.count()).toBeGreaterThan(6)
  await page.screenshot({ path: picture('lab-01-done') })

  await page.goto(page.url().replace('01-pod', '02-deployment'))
  await walkLesson(page, '02-deployment', async action => {
    if (action === 'ten/look-again') await page.screenshot({ path: picture('lab-02-light') })
  })
  expect(heard).toEqual([])
})

test('labs 03, 04 and 99 by clicks', async ({ page, host, heard }) => {
  test.setTimeout(300_000)
  await page.goto(host.url)
  await page.getByRole('button', { name: '启动练习集群' }).click()
  await expect(page).toHaveURL(/#\/labs\/01-pod$/, { timeout: 20_000 })
  for (const lesson of ['03-service', '04-statefulset', '99-final']) {
    await page.goto(page.url().replace(/#.*/, `#/labs/${lesson}`))
    await walkLesson(page, lesson)
    await page.screenshot({ path: picture(`lab-${lesson}`) })
  }
  expect(heard).toEqual([])
})

test('language and theme switch in place and are remembered', async ({ page, host, heard }) => {
  await page.goto(host.url)
  await expect(page.getByRole('button', { name: '启动练习集群' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-state="now"]')).toBeVisible({ timeout: 20_000 })
  const rail = () => page.locator('nav').first().boundingBox()
  const before = await rail()
  await page.getByRole('button', { name: 'Switch to English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.locator('[data-state="now"] h2')).toHaveText(/Pod/)
  expect(await rail()).toEqual(before)

  await page.getByRole('button', { name: /dark/i }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.screenshot({ path: picture('lab-01-dark-en') })
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  expect(heard).toEqual([])
})
