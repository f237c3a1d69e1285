// The talk's print page in a Chromium of our own: served on loopback for the while, printed, or kept as files that need no server.

import { join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import { contract } from '../../contract/index.ts'
import type { Language } from '../../contract/shapes.ts'
import { startSocketHost } from '../../hosts/socket.ts'
import { openAssets } from '../../platform/assets.ts'
import { type BrowserPage, findChromium, openPage } from '../../platform/browser.ts'
import { realClock } from '../../platform/clock.ts'
import { createLog } from '../../platform/log.ts'
import { serve } from '../../rpc/serve.ts'
import { createServices } from '../../services/index.ts'
import type { CommandContext } from '../program.ts'

export interface PrintOptions {
  language: Language
  theme: 'light' | 'dark'
  notes: boolean
  deck?: string
  lessons?: readonly string[]
}

export interface Print {
  pdf(): Promise<Uint8Array>
  /** Names below a folder, with what to write there. */
  html(): Promise<Map<string, string | Uint8Array>>
  close(): Promise<void>
}

const patienceMs = 60_000

/** @throws AppError browser.missing, browser.failed, deck.broken */
export const openPrint = async (context: CommandContext, options: PrintOptions): Promise<Print> => {
  const program = findChromium()
  if (program === undefined) throw new AppError('browser.missing')
  const { app, version, locales } = context
  const user = context.user()
  const readAsset = openAssets(app.renderer)
  const log = createLog({ path: join(user.state, 'khw.log'), clock: realClock, onUnwritable: context.complain })
  const deps = { version, user, app, locales, clock: realClock, log, deck: options.deck, lessonFolders: options.lessons }
  const joined = await createServices({ host: 'cli', ...deps })
  const closers: (() => Promise<void>)[] = [joined.close]
  const close = async () => {
    for (const each of closers.toReversed()) await each()
  }
  try {
    const host = await startSocketHost({
      port: 0,
      clock: realClock,
      readAsset,
      serve: transport => serve(contract, joined.services, transport),
    })
    closers.push(host.close)
    const page = await openPage(program)
    closers.push(page.close)
    await load(page, host.link(), options)
    return {
      pdf: async () => {
        const printed = await page.ask('Page.printToPDF', {
          preferCSSPageSize: true,
          printBackground: true,
          generateTaggedPDF: true,
          generateDocumentOutline: true,
        })
        return Buffer.from(String(printed.data), 'base64')
      },
      html: async () => {
        const { html, css, faces } = (await evaluate(page, collect)) as { html: string; css: string; faces: string[] }
        const files = new Map<string, string | Uint8Array>([
          ['index.html', html],
          ['style.css', css],
        ])
        for (const path of faces) {
          const asset = await readAsset(path)
          if (asset) files.set(path, asset.bytes)
        }
        return files
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A slide's own size, so that words are fitted as they will be printed. */
const load = async (page: BrowserPage, link: string, { language, theme, notes }: PrintOptions): Promise<void> => {
  await page.ask('Emulation.setDeviceMetricsOverride', { width: 1280, height: 720, deviceScaleFactor: 1, mobile: false })
  await page.ask('Page.bringToFront')
  await page.ask('Page.navigate', { url: link })
  // The page takes the one-time code out of its address once it has used it.
  await until(page, `document.querySelector('#sheet') !== null`)
  const look = [language, theme, ...(notes ? ['notes'] : [])].join(',')
  // Asked for until it stays: a screen that is just opening may still go to a place of its own.
  const isThere = `(location.hash === '#/print/${look}' || (location.hash = '#/print/${look}') === '')`
  await until(page, `${isThere} && document.querySelector('html[lang="${language}"] .print[data-ready="true"]') !== null`)
}

const until = async (page: BrowserPage, condition: string): Promise<void> => {
  const deadline = realClock.now() + patienceMs
  while ((await evaluate(page, condition)) !== true) {
    if (realClock.now() > deadline)
      throw new AppError('browser.failed', { program: 'Chromium', reason: `silent for ${patienceMs / 1000} s` })
    await realClock.sleep(50)
  }
}

const evaluate = async (page: BrowserPage, expression: string): Promise<unknown> => {
  const { result, exceptionDetails } = (await page.ask('Runtime.evaluate', { expression, returnByValue: true })) as {
    result: { value?: unknown }
    exceptionDetails?: { text: string; exception?: { description?: string } }
  }
  if (exceptionDetails)
    throw new AppError('browser.failed', {
      program: 'Chromium',
      reason: exceptionDetails.exception?.description ?? exceptionDetails.text,
    })
  return result.value
}

/** In the page: its slides as they stand, the rules that dress them, and of the faces only those that were used. Nothing to press is left. */
const collect = `(() => {
  const print = document.querySelector('.print').cloneNode(true)
  for (const part of print.querySelectorAll('[tabindex]'))
    for (const name of ['tabindex', 'role', 'aria-pressed']) part.removeAttribute(name)
  const used = new Set([...document.fonts].filter(face => face.status === 'loaded').map(face => face.family.replaceAll('"', '') + face.unicodeRange))
  const faces = new Set()
  const css = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules].flatMap(rule => {
    if (!(rule instanceof CSSFontFaceRule)) return [rule.cssText]
    const family = rule.style.getPropertyValue('font-family').replaceAll('"', '')
    const range = rule.style.getPropertyValue('unicode-range') || 'U+0-10FFFF'
    if (!used.has(family + range)) return []
    return [rule.cssText.replace(/url\\("([^"]+)"\\)/g, (_, url) => {
      const path = new URL(url, sheet.href ?? location.href).pathname.slice(1)
      faces.add(path)
      return 'url("' + path + '")'
    })]
  }))
  css.push('.print-page { width: min(100vw, 1280px); height: auto; margin: 0 auto 24px } .print-slide { height: auto; aspect-ratio: 16 / 9 } body { background: var(--canvas) }')
  const root = document.documentElement
  const title = document.createElement('title')
  title.textContent = document.title
  const html = '<!doctype html>\\n<html lang="' + root.lang + '" data-theme="' + root.dataset.theme + '" class="is-printed">\\n<head>\\n<meta charset="utf-8">\\n' +
    '<meta http-equiv="Content-Security-Policy" content="default-src \\'none\\'; style-src \\'self\\' \\'unsafe-inline\\'; font-src \\'self\\'">\\n' +
    '<meta name="viewport" content="width=device-width">\\n' + title.outerHTML + '\\n<link rel="stylesheet" href="style.css">\\n</head>\\n<body>\\n<div id="root">' + print.outerHTML + '</div>\\n</body>\\n</html>\\n'
  return { html, css: css.join('\\n'), faces: [...faces] }
})()`
