// The labs beyond the talk, each by clicks from its first command to its last, and wrong turns on the way through one of them.

import { expect, type Page } from '@playwright/test'
import { picture, test } from './host.ts'
import { act, action, check, practise, task, typeLine, walkLesson } from './learner.ts'

test.use({ actionTimeout: 15_000 })

/** By lesson: the command before which there is most to see. */
const moments: Readonly<Record<string, string>> = {
  '05-labels': 'let-go/endpoints',
  '06-namespace': 'quota/used',
  '07-replicationcontroller': 'hand-over/clean-up',
  '08-daemonset': 'each-node/logs',
  '09-job': 'many/logs',
  '10-cronjob': 'strike/events',
  '11-hpa': 'shrink/leave',
  '12-storage': 'by-hand/look-again',
  '20-break': 'case-3/logs',
}

const walk = async (page: Page, lesson: string): Promise<void> => {
  await page.goto(page.url().replace(/#.*/, `#/labs/${lesson}`))
  await walkLesson(page, lesson, async at => {
    if (at === moments[lesson]) await page.screenshot({ path: picture(`lab-${lesson}`) })
  })
}

test('labs 05 to 08 by clicks', async ({ page, host, heard }) => {
  test.setTimeout(300_000)
  await practise(page, host.url)
  for (const lesson of ['05-labels', '06-namespace', '07-replicationcontroller', '08-daemonset']) await walk(page, lesson)
  expect(heard).toEqual([])
})

test('labs 09 to 12 by clicks: Jobs, a clock that strikes, a crowd that comes and goes, storage', async ({
  page,
  host,
  heard,
}) => {
  test.setTimeout(600_000)
  await practise(page, host.url)
  for (const lesson of ['09-job', '10-cronjob', '11-hpa', '12-storage']) await walk(page, lesson)
  expect(heard).toEqual([])
})

test('lab 20 by clicks: five cases found and mended', async ({ page, host, heard }) => {
  test.setTimeout(300_000)
  await practise(page, host.url)
  await walk(page, '20-break')
  expect(heard).toEqual([])
})

test('wrong turns in lab 06: the wrong room, a wrong name, a room deleted behind its back; then start again', async ({
  page,
  host,
  heard,
}) => {
  test.setTimeout(300_000)
  await practise(page, host.url)
  await page.goto(page.url().replace(/#.*/, '#/labs/06-namespace'))
  await act(page, 'rooms', ['look', 'red', 'blue', 'empty'])
  await expect(task(page, 'rooms')).toHaveAttribute('data-state', 'done')

  // A web in the room that kubectl means when none is named: the lesson says where it went.
  await act(page, 'same-name', ['red-page'])
  await typeLine(page, 'clear; kubectl apply -f web.yaml', /deployment\.apps\/web created/)
  await expect(check(page, 'red-ready').locator('.lesson-hint')).toContainText('default')
  await typeLine(page, 'clear; kubectl delete -f web.yaml', /deleted/)

  // A name with a slip in it.
  await typeLine(page, 'clear; kubectl create deployment -n lab-red wbe --image=openresty/openresty:alpine', /wbe created/)
  await expect(check(page, 'red-ready').locator('.lesson-hint')).toContainText('wbe')

  // The room goes with all that is in it; the commands that need it fail, and say so.
  await typeLine(page, 'clear; kubectl delete namespace lab-red; echo gone-$((40 + 2))', /gone-42/)
  await action(page, 'same-name', 'red-web').click()
  await expect(action(page, 'same-name', 'red-web')).toHaveClass(/is-failed/)

  // From the start again: nothing of it is left, and the lesson can be walked to its end.
  await page.getByRole('button', { name: '重来' }).first().click()
  await page.getByRole('alertdialog').getByRole('button', { name: '重来' }).click()
  await expect(task(page, 'rooms')).toHaveAttribute('data-state', 'now', { timeout: 60_000 })
  await typeLine(page, 'clear; kubectl get namespace -oname', /kube-system/)
  await walkLesson(page, '06-namespace')
  expect(heard).toEqual([])
})
