// Taking the talk home, and bringing one's own: PDF, pages without a server, a folder of Markdown that is shown while it is written.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as plain } from '@playwright/test'
import { complaints, freshHome, root, startHost } from './host.ts'

const slides = readdirSync(join(root, 'resources/slides/en')).length
const folder = mkdtempSync(join(tmpdir(), 'khw-talk-'))
const { home, env } = freshHome()
plain.afterAll(() => {
  for (const path of [folder, home]) rmSync(path, { recursive: true, force: true })
})

const khw = (args: string[], more: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(root, 'out/electron/khw.js'), ...args], {
    env: { ...process.env, ...env, ...more },
    encoding: 'utf8',
    timeout: 120_000,
  })
const hasPoppler = ['pdffonts', 'pdftotext', 'pdfinfo'].every(name => spawnSync(name, ['-v']).error === undefined)

plain('a PDF has one page a slide, selectable Chinese, and its faces inside', () => {
  plain.skip(!hasPoppler, 'skipped: pdffonts, pdftotext and pdfinfo of poppler-utils are not installed')
  for (const notes of [false, true]) {
    const pdf = join(folder, notes ? 'notes.pdf' : 'talk.pdf')
    const { status, stdout, stderr } = khw([
      '--json',
      '--lang',
      'zh-CN',
      'talk',
      'export',
      '--pdf',
      pdf,
      ...(notes ? ['--notes'] : []),
    ])
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ pdf, pages: slides })
    const info = execFileSync('pdfinfo', [pdf], { encoding: 'utf8' })
    expect(Number(/Pages:\s+(\d+)/.exec(info)?.[1])).toBe(slides)
    // In points: an A4 sheet, or 1280 by 720 pixels.
    expect(Math.round(Number(/Page size:\s+([\d.]+)/.exec(info)?.[1]))).toBe(notes ? 595 : 960)
    const pages = execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' }).split('\f')
    const page = pages.findIndex(text => text.includes('StatefulSet 的四个保证'))
    expect(pages[page]).toContain('有序收缩和删除')
    // The notes stand on their slide's own page.
    expect(pages[page]?.includes('其实是控制器自己数着来的')).toBe(notes)
    const faces = execFileSync('pdffonts', [pdf], { encoding: 'utf8' }).trim().split('\n').slice(2)
    expect(faces.length).toBeGreaterThan(3)
    expect(faces.filter(line => !/\s(yes)\s+(yes|no)\s+(yes)\s+\d+\s+\d+$/.test(line))).toEqual([])
  }
})

plain('the hand-out opens from disk, asks nobody for anything, and looks the same', async ({ page }) => {
  const out = join(folder, 'html')
  const { status, stderr } = khw(['--json', '--lang', 'en', 'talk', 'export', '--html', out])
  expect(status, stderr).toBe(0)
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  const heard = complaints(page)
  await page.goto(`file://${join(out, 'index.html')}`)
  await expect(page.locator('.print-page')).toHaveCount(slides)
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  expect(await page.evaluate(() => document.fonts.ready.then(() => document.fonts.check('16px Inter')))).toBe(true)
  expect(asked.filter(url => !url.startsWith('file://'))).toEqual([])
  expect(readFileSync(join(out, 'index.html'), 'utf8')).not.toMatch(/<script|127\.0\.0\.1|#k=/)
  expect(heard).toEqual([])
})

plain('without a browser the export says what to install', () => {
  const { status, stderr } = khw(['--lang', 'en', 'talk', 'export', '--pdf', join(folder, 'x.pdf')], { KHW_CHROMIUM: '/no/such' })
  expect(status).toBe(3)
  expect(stderr).toContain('KHW-051')
  expect(stderr).toContain('sudo apt install chromium')
  expect(existsSync(join(folder, 'x.pdf'))).toBe(false)
})

plain(
  'a folder of Markdown opens as a talk, is read again while it is written, and cannot bring HTML or images',
  async ({ page }) => {
    const deck = join(folder, 'deck')
    mkdirSync(deck)
    const write = (name: string, body: string) =>
      writeFileSync(join(deck, name), `---\ntitle: Mine\nlayout: prose\n---\n\n${body}\n`)
    write('010-first.md', 'Hello from **my** folder')
    write('020-second.md', 'And again')
    expect(khw(['--json', 'talk', 'check', deck]).stdout).toContain('"ok":true')

    const host = await startHost(['--deck', deck])
    try {
      await page.goto(host.url)
      await page.getByRole('link', { name: /不用集群也能放/ }).click()
      await expect(page.locator('.slide-prose')).toHaveText('Hello from my folder')
      write('010-first.md', 'Changed while you watch')
      await expect(page.locator('.slide-prose')).toHaveText('Changed while you watch')
      write('010-first.md', 'Look\n\n<img src="https://example.com/x.png">')
      await expect(page.getByText('010-first.md').first()).toBeVisible()
      const { status, stdout } = khw(['--json', 'talk', 'check', deck])
      expect(status).toBe(1)
      expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ file: '010-first.md', line: 8 })
      write('010-first.md', 'Well again')
      await expect(page.locator('.slide-prose')).toHaveText('Well again')
      await page.keyboard.press('ArrowRight')
      await expect(page.locator('.slide-prose')).toHaveText('And again')
    } finally {
      await host.stop()
    }
  },
)
