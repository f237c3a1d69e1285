// A bad day: everything that goes wrong says what, why and what next, and nothing that the learner has done is lost.

import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { findProgram } from '../../electron/platform/kubectl.ts'
import { complaints, freshHome, startHost, test } from './host.ts'
import {
  act,
  action,
  bringUpPod,
  check,
  childrenOf,
  errorPanel,
  isAlive,
  practise,
  progressOf,
  screen,
  task,
  typeLine,
} from './learner.ts'

test.use({ actionTimeout: 15_000 })

/** Chromium itself reports each connection that breaks under a page; no page can keep it from that. */
const isBrokenConnection = (words: string): boolean =>
  /WebSocket connection to .* failed|net::ERR_CONNECTION_(REFUSED|RESET)|status of 401/.test(words)

test('broken manifests: kubectl says what is wrong, the lesson stays where it was', async ({ page, host, heard }) => {
  await practise(page, host.url)
  await act(page, 'bare-pod', ['apply', 'wait'])
  await expect(check(page, 'pod-answers')).toHaveAttribute('data-passed', 'true')
  const before = await progressOf(page)
  const folder = join(host.home, 'data/kubernetes-hello-world/lessons/01-pod')
  writeFileSync(join(folder, 'broken.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata: {name: openresty\n')
  writeFileSync(join(folder, 'unknown.yaml'), 'apiVersion: v1\nkind: Podd\nmetadata:\n  name: openresty\n')
  const misspelt = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: second\nspec:\n  containres:\n  - name: c\n    image: busybox\n'
  writeFileSync(join(folder, 'misspelt.yaml'), misspelt)
  await typeLine(page, 'clear; kubectl apply -f broken.yaml', /error parsing broken\.yaml: error converting YAML to JSON/)
  await typeLine(page, 'clear; kubectl apply -f unknown.yaml', /no matches for kind "Podd" in version "v1"/)
  await typeLine(page, 'clear; kubectl apply -f misspelt.yaml', /unknown field "spec\.containres"/)
  await typeLine(page, 'clear; kubectl get pods -oname; echo ended-$?', /pod\/openresty\s+ended-0/)
  expect(await progressOf(page)).toEqual(before)
  await act(page, 'bare-pod', ['look', 'curl'])
  await expect(task(page, 'bare-pod')).toHaveAttribute('data-state', 'done')
  expect(heard).toEqual([])
})

test('a host that is busy for a moment loses no key, however fast somebody types', async ({ page, host, heard }) => {
  await practise(page, host.url)
  await page.keyboard.press('Control+`')
  await typeLine(page, 'echo ready-$((6*7))', /ready-42/)
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ')
  host.process.kill('SIGSTOP')
  await page.keyboard.type(`echo ${words} | wc -w; echo $((6*9))-typed\n`)
  host.process.kill('SIGCONT')
  await expect.poll(() => screen(page)).toMatch(/^40\s+54-typed$/m)
  await expect(page.locator('.error-panel')).toHaveCount(0)
  expect(heard).toEqual([])
})

test('the practice cluster is killed in mid-lesson: told at once, started again by one click, nothing lost', async ({
  page,
  host,
  heard,
}) => {
  await practise(page, host.url)
  await bringUpPod(page)
  await act(page, 'host-network', ['delete'])
  const [practice] = childrenOf(host.process.pid as number, 'practice.js')
  process.kill(practice as number, 'SIGKILL')
  const panel = errorPanel(page, 'KHW-036')
  await expect(panel).toBeVisible({ timeout: 2_000 })
  await expect(task(page, 'bare-pod')).toHaveAttribute('data-state', 'done')

  // A command that is clicked anyway says the same, and says it once.
  await action(page, 'host-network', 'apply').click()
  await expect(page.locator('.error-panel')).toHaveCount(1)

  await panel.getByRole('button').click()
  await expect(panel).toBeHidden({ timeout: 5_000 })
  // Ready, not just starting: its kubeconfig is written, and what it holds has been read.
  await expect(page.locator('.topbar .state-shape.ready')).toBeVisible({ timeout: 10_000 })
  await expect(page.locator('.live')).toContainText('没有 Pod', { timeout: 5_000 })
  await expect(task(page, 'bare-pod')).toHaveAttribute('data-state', 'done')
  await expect(task(page, 'host-network')).toHaveAttribute('data-state', 'now')
  await expect(action(page, 'host-network', 'delete')).toHaveClass(/is-done/)

  // The same terminal goes on: its kubectl and its curl find the new cluster.
  await expect(page.getByRole('tab')).toHaveCount(1)
  await typeLine(page, 'clear; kubectl get nodes -oname', /node\/node1\s+node\/node2/)
  await act(page, 'host-network', ['apply', 'wait', 'look', 'curl'])
  await expect(task(page, 'host-network')).toHaveAttribute('data-state', 'done')
  await expect(page.getByRole('tab')).toHaveCount(1)
  await expect(page.locator('.error-panel')).toHaveCount(0)
  expect(heard).toEqual([])
})

test('where the old proxy port is gone too, the next command gets a fresh terminal', async ({ page, host, heard }) => {
  await practise(page, host.url)
  await bringUpPod(page)
  const pid = host.process.pid as number
  const folder = join(host.home, `runtime/kubernetes-hello-world/clusters-${pid}`)
  const port = /url: http:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(join(folder, 'practice.kubeconfig'), 'utf8'))?.[1]
  process.kill(childrenOf(pid, 'practice.js')[0] as number, 'SIGKILL')
  await expect(errorPanel(page, 'KHW-036')).toBeVisible({ timeout: 2_000 })
  const squatter = createServer().listen(Number(port), '127.0.0.1')
  await once(squatter, 'listening')
  try {
    await errorPanel(page, 'KHW-036').getByRole('button').click()
    await expect(page.locator('.topbar .state-shape.ready')).toBeVisible({ timeout: 10_000 })
    // What was there came back from the disk.
    await expect(page.locator('.live')).toContainText('openresty')
    await act(page, 'host-network', ['delete', 'apply', 'wait', 'curl'])
    await expect(check(page, 'host-answers')).toHaveAttribute('data-passed', 'true')
    await expect(page.getByRole('tab')).toHaveCount(2)
  } finally {
    squatter.close()
  }
  expect(heard).toEqual([])
})

test('a reload in mid-lesson: same place, same progress, scrollback back, the command goes on', async ({ page, host, heard }) => {
  await practise(page, host.url)
  await act(page, 'bare-pod', ['apply', 'wait'])
  await typeLine(page, 'clear; for i in $(seq 1 40); do echo tick-$i-; sleep 0.25; done; echo all-$((40 + 2))', /tick-16-/)
  await expect(check(page, 'pod-answers')).toHaveAttribute('data-passed', 'true')
  const before = await progressOf(page)
  await page.reload()
  await expect(page).toHaveURL(/#\/labs\/01-pod$/)
  await expect(task(page, 'bare-pod')).toBeVisible()
  await expect.poll(() => progressOf(page)).toEqual(before)
  await expect.poll(() => screen(page)).toMatch(/tick-\d+-/)
  await page.locator('.xterm-screen').hover()
  const scroll = async (pixels: number) => {
    await page.mouse.wheel(0, pixels)
    return screen(page)
  }
  await expect.poll(() => scroll(-400)).toMatch(/tick-1-\n/)
  await expect.poll(() => scroll(400)).toMatch(/tick-39-\s+tick-40-\s+all-42/)
  await act(page, 'bare-pod', ['look', 'curl'])
  await expect(page.getByRole('tab')).toHaveCount(1)
  expect(heard).toEqual([])
})

test('the host is killed and started again: said with what to do, nothing left behind, progress kept', async ({ page }) => {
  const place = freshHome()
  const first = await startHost([], place)
  const heard = complaints(page)
  await practise(page, first.url)
  await bringUpPod(page)
  await act(page, 'host-network', ['delete'])
  const pid = first.process.pid as number
  const children = [...childrenOf(pid, 'practice.js'), ...childrenOf(pid, 'sh')]
  expect(children.length).toBeGreaterThan(1)
  first.process.kill('SIGKILL')

  const notice = page.locator('.notice').filter({ hasText: 'KHW-005' })
  await expect(notice).toBeVisible({ timeout: 4_000 })
  await expect(notice).toContainText('重新启动', { timeout: 6_000 })
  await expect(task(page, 'bare-pod')).toHaveAttribute('data-state', 'done')
  await action(page, 'host-network', 'apply').click()
  await expect(errorPanel(page, 'KHW-005')).toBeVisible()
  const endless = () =>
    page.evaluate(
      () =>
        document.getAnimations().filter(each => each.playState === 'running' && each.effect?.getTiming().iterations === Infinity)
          .length,
    )
  expect(await endless()).toBe(0)
  await expect.poll(() => children.filter(isAlive)).toEqual([])

  const second = await startHost(['--port', new URL(first.url).port], place)
  try {
    await expect(errorPanel(page, 'KHW-003')).toBeVisible({ timeout: 10_000 })
    // The new address in the old tab: only its fragment differs.
    await page.goto(second.url)
    await page.getByRole('link', { name: '实验' }).click()
    await page.getByRole('link', { name: /^01/ }).click()
    await expect(page).toHaveURL(/#\/labs\/01-pod$/)
    await page.getByRole('button', { name: '启动练习集群' }).click()
    await expect(task(page, 'bare-pod')).toHaveAttribute('data-state', 'done')
    await act(page, 'host-network', ['apply', 'wait', 'look', 'curl'])
    await expect(task(page, 'host-network')).toHaveAttribute('data-state', 'done')
  } finally {
    await second.stop()
  }
  expect(heard.filter(words => !isBrokenConnection(words))).toEqual([])
})

test('no kubectl: settings, terminal and lesson all say so; once it is there, the lesson goes on', async ({ page }) => {
  const kubectl = findProgram('kubectl')
  if (kubectl === undefined) throw new Error('this test needs a kubectl to install')
  const place = freshHome()
  const bin = join(place.home, 'bin')
  mkdirSync(bin)
  for (const folder of ['/usr/bin', '/bin'])
    for (const name of readdirSync(folder))
      if (!name.startsWith('kubectl') && !readdirSync(bin).includes(name)) symlinkSync(join(folder, name), join(bin, name))
  const host = await startHost([], { ...place, env: { ...place.env, PATH: bin } })
  const heard = complaints(page)
  try {
    await practise(page, host.url)
    await action(page, 'bare-pod', 'apply').click()
    await expect(errorPanel(page, 'KHW-020')).toContainText('sudo snap install kubectl --classic')
    await expect.poll(() => screen(page)).toContain('sudo snap install kubectl --classic')
    await typeLine(page, 'echo still-$((40 + 2))', /still-42/)
    await expect(action(page, 'bare-pod', 'apply')).not.toHaveClass(/is-(running|done)/)
    await page.getByRole('link', { name: '设置' }).click()
    await expect(page.locator('.settings')).toContainText('sudo snap install kubectl --classic')

    symlinkSync(kubectl, join(bin, 'kubectl'))
    await page.goBack()
    await bringUpPod(page)
    await expect(errorPanel(page, 'KHW-020')).toHaveCount(0)
    expect(heard).toEqual([])
  } finally {
    await host.stop()
  }
})

test('broken settings, progress and kubeconfig: told, kept byte for byte, and the rest works', async ({ page }) => {
  const place = freshHome()
  const ours = (...path: string[]) => join(place.home, ...path)
  const config = ours('config/kubernetes-hello-world')
  const progress = ours('state/kubernetes-hello-world/progress')
  const broken = { settings: '{"language": "fr", "theme"', progress: '{"passed": 7}', kubeconfig: 'clusters: [\n  - name: {{\n' }
  for (const folder of [config, progress]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(config, 'settings.json'), broken.settings)
  writeFileSync(join(progress, '01-pod@practice.json'), broken.progress)
  writeFileSync(place.env.KUBECONFIG as string, broken.kubeconfig)
  const host = await startHost([], place)
  const heard = complaints(page)
  try {
    await practise(page, host.url)
    await expect(errorPanel(page, 'KHW-047')).toContainText('01-pod@practice.json.broken-')
    await bringUpPod(page)
    await page.getByRole('link', { name: '设置' }).click()
    await expect(errorPanel(page, 'KHW-011').first()).toContainText('settings.json')
    await page.getByRole('button', { name: /^换集群/ }).click()
    await expect(page.getByRole('menu')).toContainText(place.env.KUBECONFIG as string)
    await page.keyboard.press('Escape')
    const kept = (folder: string, name: string) =>
      readdirSync(folder)
        .filter(each => each.startsWith(`${name}.broken-`))
        .map(each => readFileSync(join(folder, each), 'utf8'))
    expect(kept(config, 'settings.json')).toEqual([broken.settings])
    expect(kept(progress, '01-pod@practice.json')).toEqual([broken.progress])
    await page.reload()
    await page.goBack()
    await expect(task(page, 'bare-pod')).toHaveAttribute('data-state', 'done')
    expect(heard).toEqual([])
  } finally {
    await host.stop({ keepHome: true })
  }
  expect(readFileSync(place.env.KUBECONFIG as string, 'utf8')).toBe(broken.kubeconfig)
  expect(JSON.parse(readFileSync(join(config, 'settings.json'), 'utf8'))).toMatchObject({ welcomed: true })
  rmSync(place.home, { recursive: true, force: true })
})

test("a home that cannot be written: the app works and says what will not last; a user's kubeconfig is never touched", async ({
  page,
}) => {
  const place = freshHome()
  const kubeconfig = `apiVersion: v1\nkind: Config\ncurrent-context: far\nclusters:\n- name: far\n  cluster: { server: "https://127.0.0.1:1" }\ncontexts:\n- name: far\n  context: { cluster: far, user: me }\nusers:\n- name: me\n  user: { token: secret }\n`
  writeFileSync(place.env.KUBECONFIG as string, kubeconfig, { mode: 0o640 })
  const locked = { XDG_CONFIG_HOME: '/proc', XDG_DATA_HOME: '/proc', XDG_STATE_HOME: '/proc', TMPDIR: place.home }
  const host = await startHost([], { ...place, env: { ...place.env, ...locked } })
  const heard = complaints(page)
  try {
    await practise(page, host.url)
    await bringUpPod(page)
    await page.getByRole('link', { name: '设置' }).click()
    await expect(errorPanel(page, 'KHW-010').first()).toContainText('/proc/kubernetes-hello-world')
    await page.getByRole('button', { name: /^换集群/ }).click()
    await page.getByRole('menuitem', { name: /far/ }).click()
    await expect(errorPanel(page, 'KHW-031')).toContainText('https://127.0.0.1:1')
    expect(heard).toEqual([])
  } finally {
    await host.stop({ keepHome: true })
  }
  expect(readFileSync(place.env.KUBECONFIG as string, 'utf8')).toBe(kubeconfig)
  rmSync(place.home, { recursive: true, force: true })
})

test('wrong turns in lab 01: hints from what is there, and always a way on', async ({ page, host, heard }) => {
  await practise(page, host.url)
  await action(page, 'bare-pod', 'wait').click()
  await expect(action(page, 'bare-pod', 'wait')).toHaveClass(/is-failed/)
  await typeLine(page, 'clear; kubectl get pod openrestyy', /pods "openrestyy" not found/)
  await typeLine(page, 'clear; kubectl run openrest --image=openresty/openresty:alpine', /pod\/openrest created/)
  await expect(check(page, 'pod-ready').locator('.lesson-hint')).toContainText('openrest')
  await act(page, 'bare-pod', ['apply', 'wait'])
  await expect(check(page, 'pod-ready')).toHaveAttribute('data-passed', 'true')

  // Behind the lesson's back.
  await typeLine(page, 'clear; kubectl delete pod openresty --wait=false', /deleted/)
  await expect(check(page, 'pod-ready')).toHaveAttribute('data-passed', 'false')
  await expect(check(page, 'pod-ready').locator('.lesson-hint')).toContainText(/kubectl|openresty/)

  // A terminal that is busy, and one that is closed while a lesson's command runs in it.
  await typeLine(page, 'clear; kubectl() { sleep 60; }; echo set-$((40 + 2))', /set-42/)
  await action(page, 'bare-pod', 'apply').click()
  await expect(action(page, 'bare-pod', 'apply')).toHaveClass(/is-running/)
  await action(page, 'bare-pod', 'look').click()
  await expect(errorPanel(page, 'KHW-023')).toBeVisible({ timeout: 15_000 })
  await page.locator('.terminal-tab-close').click()
  await expect(page.getByRole('tab')).toHaveCount(0)
  await expect(action(page, 'bare-pod', 'apply')).toHaveClass(/is-failed/)
  await bringUpPod(page)
  await expect(page.getByRole('tab')).toHaveCount(1)

  // A shell that the learner has left.
  await typeLine(page, 'exit 3')
  await expect(page.locator('.terminal-over')).toContainText('3')
  await act(page, 'host-network', ['delete'])
  await expect(page.getByRole('tab')).toHaveCount(2)
  await expect(page.locator('.error-panel')).toHaveCount(0)
  expect(heard).toEqual([])
})

test('two windows on one lesson: one progress, one terminal, either may go on', async ({ page, host, heard, context }) => {
  await practise(page, host.url)
  const other = await context.newPage()
  const heardToo = complaints(other)
  await other.goto(await host.link())
  await expect(other.locator('nav')).toBeVisible()
  await other.goto(host.url.replace(/#.*/, '#/labs/01-pod'))
  await expect(task(other, 'bare-pod')).toHaveAttribute('data-state', 'now')
  await act(page, 'bare-pod', ['apply'])
  await expect(action(other, 'bare-pod', 'apply')).toHaveClass(/is-done/)
  await act(other, 'bare-pod', ['wait'])
  await Promise.all([action(page, 'bare-pod', 'look').click(), action(other, 'bare-pod', 'look').click()])
  await expect(action(page, 'bare-pod', 'look')).toHaveClass(/is-done/)
  await act(page, 'bare-pod', ['curl'])
  for (const window of [page, other]) await expect(task(window, 'bare-pod')).toHaveAttribute('data-state', 'done')
  await expect.poll(async () => JSON.stringify(await progressOf(other))).toBe(JSON.stringify(await progressOf(page)))
  for (const window of [page, other]) {
    await expect(window.getByRole('tab')).toHaveCount(1)
    await expect(window.locator('.error-panel')).toHaveCount(0)
  }
  expect([...heard, ...heardToo]).toEqual([])
})
