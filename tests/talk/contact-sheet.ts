// `npm run contact-sheet`: every slide in both languages and themes as pictures in out/contact-sheet, to be looked at by eye.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { root, startHost } from '../e2e/host.ts'
import config from '../e2e/playwright.config.ts'

/** Four slides side by side, six rows a sheet: still readable. */
const columns = 4
const perSheet = 24
const width = 640

const folder = join(root, 'out/contact-sheet')
const themes = process.argv.includes('--dark') ? ['light', 'dark'] : ['light']
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const host = await startHost(process.argv.includes('--deck') ? ['--deck', process.argv.at(-1) ?? ''] : [])
const browser = await chromium.launch(config.use?.launchOptions)
try {
  const page = await browser.newPage({ viewport: { width: columns * (width + 16) + 16, height: 900 } })
  await page.goto(host.url)
  await page.locator('#sheet').waitFor()
  for (const language of ['zh-CN', 'en'])
    for (const theme of themes) {
      await page.goto(page.url().replace(/#.*/, `#/print/${language},${theme}`))
      await page.locator(`html[lang="${language}"][data-theme="${theme}"] .print[data-ready="true"]`).waitFor()
      const count = await page.locator('.print-page').count()
      for (let first = 1; first <= count; first += perSheet) {
        const style = await page.addStyleTag({
          content: `.print { display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: 16px; padding: 16px; background: #888 }
            .print-page { width: ${width}px; height: ${(width * 9) / 16}px }
            .print-page:not(:nth-child(n + ${first}):nth-child(-n + ${first + perSheet - 1})) { display: none }`,
        })
        const path = join(folder, `${language}-${theme}-${Math.ceil(first / perSheet)}.png`)
        await page.screenshot({ path, fullPage: true })
        await style.evaluate(element => element.parentNode?.removeChild(element))
        console.log(path)
      }
    }
} finally {
  await browser.close()
  await host.stop()
}
