// Setup as a person sees it in a browser on the machine itself: look, consent, password, ready, a lesson, the ledger, and back.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect as see } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../../build/steps.ts'
import { openSight, type Sight } from './browser.ts'
import { writeBundle } from './bundle.ts'
import { openMachine, password, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { allPods, bundlePlace, podsOf } from './person.ts'
import { difference, type Snapshot, takeSnapshot } from './snapshot.ts'

const why = await whyNoLab()
const pictures = join(root, process.env.KEEP_SCREENSHOTS ? 'resources/screenshots' : '.cache/screenshots')

describe.skipIf(why !== undefined)(`Setup in a browser in the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const bundle = temporaryFolder()
  let machine: Machine
  let sight: Sight
  let bare: Snapshot
  const page = () => sight.page
  const phase = (name: string, timeout = 20_000) => see(page().locator('.setup')).toHaveAttribute('data-phase', name, { timeout })
  const button = (name: string) => page().getByRole('button', { name, exact: true })
  /** In both languages, and back in Chinese. */
  const picture = async (name: string) => {
    await page().screenshot({ path: join(pictures, `setup-${name}.png`) })
    await page().getByRole('button', { name: 'Switch to English' }).click()
    await see(page().locator('html')).toHaveAttribute('lang', 'en')
    await page().screenshot({ path: join(pictures, `setup-${name}-en.png`) })
    await page().getByRole('button', { name: '切换到中文' }).click()
    await see(page().locator('html')).toHaveAttribute('lang', 'zh-CN')
  }
  /** What was on the screen when a test failed. */
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await page().screenshot({ path: join(pictures, `setup-failed-at-${task.name.slice(0, 20).replace(/\W+/g, '-')}.png`) })
  })
  const terminal = () => page().locator('.setup-program .xterm-rows')
  const typePassword = async () => {
    await see(terminal()).toContainText('alice', { timeout: 20_000 })
    await page().locator('.setup-program .xterm-helper-textarea').focus()
    await page().keyboard.type(`${password}\n`)
  }

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true })
    await writeBundle(bundle.path)
    machine = await openMachine({ seeded: true, binds: [[bundle.path, bundlePlace]] })
    bare = await takeSnapshot(machine)
    sight = await openSight(machine, bundle.path)
    await page().evaluate(() => {
      location.hash = '#/setup'
    })
  })
  afterAll(async () => {
    await sight?.close()
    await machine?.close()
    bundle.rm()
  })

  test('looks first: nothing in the way, the whole plan, every root command before the consent', async () => {
    await phase('fresh')
    await see(page().locator('.setup-plan li')).toHaveCount(14)
    await picture('fresh')
    // What only some want is one click away, and then a step like any other.
    await page()
      .getByRole('checkbox', { name: /不加 sudo/ })
      .click()
    await see(page().locator('.setup-plan li')).toHaveCount(15, { timeout: 20_000 })
    await button('开始安装').click()
    const dialog = page().getByRole('alertdialog')
    await see(dialog.locator('code').filter({ hasText: 'snap install' })).not.toHaveCount(0)
    await page().waitForTimeout(400) // it fades in
    await page().screenshot({ path: join(pictures, 'setup-consent.png') })
    await dialog.getByRole('button', { name: '取消' }).click()
    expect(difference(bare, await takeSnapshot(machine))).toEqual([])
  })

  test('a missing default route is in the way; one click puts the step that brings one into the plan', async () => {
    await machine.must(['ip', 'route', 'del', 'default'])
    await button('再看一次').click()
    await phase('blocked')
    await picture('blocked')
    await button('让 Setup 加一条').click()
    await phase('fresh')
    await see(page().locator('.setup-plan li', { hasText: '加一条默认路由' })).toHaveCount(1)
    await machine.must(['ip', 'route', 'add', 'default', 'via', '192.0.2.1', 'dev', 'lab0'])
    await page()
      .getByRole('checkbox', { name: /默认路由/ })
      .click()
    await see(page().locator('.setup-plan li', { hasText: '加一条默认路由' })).toHaveCount(0, { timeout: 20_000 })
  })

  test('a wrong password changes nothing and says so', async () => {
    await button('开始安装').click()
    await page().getByRole('alertdialog').getByRole('button', { name: '开始安装' }).click()
    await phase('installing')
    await see(terminal()).toContainText('alice', { timeout: 20_000 })
    await page().locator('.setup-program .xterm-helper-textarea').focus()
    for (let tries = 0; tries < 3; tries++) {
      await page().keyboard.type('wrong\n')
      await page().waitForTimeout(2500) // sudo takes its time over a wrong one
    }
    await phase('failed', 30_000)
    await see(page().locator('.error-panel')).toContainText('KHW-')
    await picture('failed')
    await button('看诊断信息').click()
    const report = page().locator('.setup-report')
    await see(report).toContainText('run-started', { timeout: 20_000 })
    await page().waitForTimeout(400)
    await page().screenshot({ path: join(pictures, 'setup-diagnostics.png') })
    expect(await report.textContent()).not.toMatch(/alice|192\.0\.2\.10|\/home\/(?!<user>)/)
    await page().getByRole('alertdialog').getByRole('button', { name: '关闭' }).click()
    expect(await machine.sh('snap list 2>&1 | grep -c microk8s || true')).toBe('0\n')
  })

  test('with the password it installs, step by step before the eyes, and every Pod runs', async () => {
    await button('再试一次').click()
    await page().getByRole('alertdialog').getByRole('button', { name: '开始安装' }).click()
    await phase('installing')
    await typePassword()
    await see(page().locator('.setup-plan button.ready')).not.toHaveCount(0, { timeout: 30_000 })
    await see(page().locator('.setup-pieces .done')).not.toHaveCount(0, { timeout: 30_000 })
    await page().reload()
    await see(page().locator('.setup-plan li button.now, .setup-plan li button.attention').first()).toBeVisible({
      timeout: 60_000,
    })
    await picture('installing')
    await phase('done', 120_000)
    await picture('done')
    expect(await podsOf(machine)).toEqual(allPods)
  })

  test('the ledger lists what was changed; a lesson starts on MicroK8s', async () => {
    await see(page().locator('.setup-ledger tbody tr')).not.toHaveCount(0)
    await see(page().getByRole('checkbox', { name: /不加 sudo/ })).toBeDisabled()
    await button('在 MicroK8s 上开始实验 01').click()
    await see(page()).toHaveURL(/#\/labs\/01-pod$/, { timeout: 20_000 })
    await see(
      page()
        .getByRole('button', { name: /MicroK8s/ })
        .first(),
    ).toBeVisible()
    await page().evaluate(() => {
      location.hash = '#/setup'
    })
    await phase('done')
  })

  test('an alias is added afterwards', async () => {
    await page().getByRole('checkbox', { name: /别名/ }).click()
    await phase('adding')
    await picture('adding')
    await button('现在做').click()
    await page().getByRole('alertdialog').getByRole('button', { name: '开始安装' }).click()
    await phase('done', 60_000)
    expect(await machine.must(['bash', '-ic', 'alias kubectl'], { user: 'alice' })).toContain('/snap/microk8s/current/kubectl')
  })

  test('undo asks for the word, then leaves not one byte behind', async () => {
    await button('全部撤销').click()
    const dialog = page().getByRole('alertdialog')
    await dialog.getByRole('textbox').fill('microk8s')
    await dialog.getByRole('button', { name: '全部撤销' }).click()
    await phase('undoing')
    await typePassword()
    await phase('undone', 120_000)
    await picture('undone')
    expect(difference(bare, await takeSnapshot(machine)).filter(line => !/\.cache\//.test(line))).toEqual([])
  })
})
