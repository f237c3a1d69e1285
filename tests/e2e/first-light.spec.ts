// First light: a fresh home and one click lead into lab 01; language and theme switch in place.

import { expect } from '@playwright/test'
import { picture, test } from './host.ts'
import { bringUpPod, task } from './learner.ts'

test('a fresh start: practise now, and the first step of lab 01', async ({ page, host, heard }) => {
  await page.goto(host.url)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('先要有一个集群')
  expect(page.url()).not.toContain('#k=')
  await page.screenshot({ path: picture('welcome-light') })
  await page.getByRole('button', { name: '启动练习集群' }).click()
  await expect(page).toHaveURL(/#\/labs\/01-pod$/, { timeout: 20_000 })
  await bringUpPod(page)
  await expect(task(page, 'host-network')).toHaveAttribute('data-state', 'now')
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
