// What a learner does and sees: practise now, a lesson's commands, the terminal's words.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { root } from './host.ts'

/** From the first screen into lab 01 on a running practice cluster. */
export const practise = async (page: Page, url: string): Promise<void> => {
  await page.goto(url)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/labs\/01-pod$/, { timeout: 20_000 })
  await expect(task(page, 'bare-pod')).toHaveAttribute('data-state', 'now')
}

/** Where a host keeps the kubeconfig of its practice cluster. */
export const practiceKubeconfig = (home: string): string => {
  const folder = join(home, 'runtime')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const found = names.find(
    name => /clusters-\d+\/.*practice[^/]*$/.test(name) && readFileSync(join(folder, name), 'utf8').includes('clusters:'),
  )
  if (found === undefined) throw new Error(`no kubeconfig among ${names.join(' ')}`)
  return join(folder, found)
}

export const task = (page: Page, id: string) => page.locator(`[data-task="${id}"]`)
export const action = (page: Page, of: string, id: string) => page.locator(`[data-task="${of}"] [data-action="${id}"]`)
export const check = (page: Page, id: string) => page.locator(`[data-check="${id}"]`)

/** Clicks a task's commands one after the other, each once the one before has ended well. */
export const act = async (page: Page, of: string, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    // A task may be done before its last command: that one is then folded away, and still can be run.
    await action(page, of, id).dispatchEvent('click')
    const ended = page.locator(`[data-task="${of}"] [data-action="${id}"].is-done, [data-task="${of}"][data-state="done"]`)
    await expect(ended.first(), `${of}/${id}`).toBeAttached({ timeout: 60_000 })
  }
}

/** The whole first task of lab 01. */
export const bringUpPod = async (page: Page): Promise<void> => {
  await act(page, 'bare-pod', ['apply', 'wait', 'look', 'curl'])
  await expect(task(page, 'bare-pod')).toHaveAttribute('data-state', 'done')
}

/** The folders of the application's own lessons. */
export const lessonIds = readdirSync(join(root, 'manifests')).filter(name => /^\d\d-/.test(name))

interface Walk {
  /** Every third command is typed by hand, as it stands on the page. */
  types?: boolean
  before?(action: string): Promise<void>
}

/** Runs the lesson's commands one after the other, as a learner who does what is lit, until it says that it is done. */
export const walkLesson = async (page: Page, lesson: string, { types = false, before }: Walk = {}): Promise<void> => {
  await expect(page).toHaveURL(new RegExp(`#/labs/${lesson}$`))
  const done = page.getByTestId('lesson-done')
  const now = page.locator('[data-state="now"]')
  await expect(now.or(done)).toBeVisible()
  const tasks = await page
    .locator('[data-task]')
    .evaluateAll(items => items.map(item => (item as HTMLElement).dataset.task as string))
  expect(tasks.length).toBeGreaterThan(2)
  let steps = 0
  for (const task of tasks) {
    await expect(page.locator(`[data-task="${task}"][data-state="now"]`)).toBeVisible()
    const actions = await page
      .locator(`[data-task="${task}"] [data-action]`)
      .evaluateAll(items => items.map(item => (item as HTMLElement).dataset.action as string))
    for (const action of actions) {
      const button = page.locator(`[data-task="${task}"] [data-action="${action}"]`)
      await before?.(`${task}/${action}`)
      const hasTerminal = (await page.getByRole('tab').count()) > 0
      if (types && hasTerminal && ++steps % 3 === 0) await typeLine(page, (await button.locator('code').textContent()) ?? '')
      else await button.click()
      // The last command of a task finishes it: then its row is put away with the rest.
      const ended = page.locator(`[data-task="${task}"] [data-action="${action}"]:is(.is-done, .is-failed)`)
      await expect(ended.first(), `${task}/${action}`).toBeAttached({ timeout: 150_000 })
    }
    await expect(page.locator(`[data-task="${task}"][data-state="done"]`), task).toBeVisible({ timeout: 60_000 })
  }
  await expect(done).toBeVisible()
}

/** What the page says of a lesson's progress, to be compared with itself later. */
export const progressOf = (page: Page): Promise<string[]> =>
  page
    .locator('[data-task], [data-check], [data-action]')
    .evaluateAll(items =>
      (items as HTMLElement[]).map(({ dataset: { task, state, check, passed, action }, className }) =>
        task ? `${task} ${state}` : check ? `${check} ${passed}` : `${action} ${className.replace(' is-next', '')}`,
      ),
    )

const rows = async (page: Page): Promise<string[]> =>
  (await page.locator('.xterm-rows > div').allTextContents()).map(row => row.replaceAll('\u00a0', ' '))

/** What the terminal shows, row by row. */
export const screen = async (page: Page): Promise<string> => (await rows(page)).join('\n')

/** What the terminal shows, and the same with long lines in one piece. */
const unwrapped = async (page: Page): Promise<string> => {
  const all = await rows(page)
  return `${all.join('\n')}\n${all.join('')}`
}

/** Types a line by hand and waits for words that the terminal then shows. */
export const typeLine = async (page: Page, line: string, words?: string | RegExp): Promise<void> => {
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
  if (words !== undefined) await expect.poll(() => unwrapped(page), { timeout: 20_000 }).toMatch(words)
}

/** An error as the page tells it, by its id: with what, why and what to do next. */
export const errorPanel = (page: Page, id: string) =>
  page.locator('.error-panel').filter({ has: page.getByText(id, { exact: true }) })

/** Processes that a process started, whose command line holds these words. */
export const childrenOf = (pid: number, words: string): number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        const parent = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]
        return Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(words)
      } catch {
        return false // It ended while we looked.
      }
    })
    .map(Number)

export const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
