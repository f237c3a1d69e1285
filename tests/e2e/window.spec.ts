// The Electron window, where its binary and a display are: the same first screen, the same first click.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron as electron, expect, test } from '@playwright/test'
import { freshHome, root } from './host.ts'

const place = join(root, 'node_modules/electron/path.txt')
const binary = existsSync(place) ? join(root, 'node_modules/electron/dist', readFileSync(place, 'utf8').trim()) : undefined

test('the window opens, sandboxed, and practises', async () => {
  test.skip(!binary || !existsSync(binary), "skipped: Electron's binary is not on this machine (npx install-electron fetches it)")
  test.skip(!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY, 'skipped: no display (xvfb-run gives one)')
  const { home, env } = freshHome()
  const app = await electron.launch({
    executablePath: binary,
    // Chromium's sandbox refuses to run as root; everywhere else it stays on.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
    env: { ...process.env, ...env, HOME: home } as Record<string, string>,
  })
  try {
    const page = await app.firstWindow()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(page.url()).toMatch(/^app:\/\//)
    expect(await page.evaluate(() => typeof (globalThis as Record<string, unknown>).require)).toBe('undefined')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/#\/labs\/01-pod$/, { timeout: 30_000 })
    await expect(page.locator('[data-state="now"]')).toBeVisible()
  } finally {
    await app.close()
  }
})
