import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => existsSync(path))

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  // Two cores: one browser and one host at a time keep the waits honest.
  workers: 1,
  // CI's two cores are shared: a test may be tried once more there, and is then reported as flaky.
  retries: process.env.CI ? 1 : 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    colorScheme: 'light',
    // A system browser where there is one; elsewhere Playwright's own.
    launchOptions: {
      ...(chromium && { executablePath: chromium }),
      args: ['--disable-background-networking', '--disable-component-update'],
    },
    screenshot: 'only-on-failure',
  },
})
