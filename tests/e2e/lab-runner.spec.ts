// A lab that goes wrong and is put right: a step done again, a stranger's object in the way, a lesson being written; and what can be kept.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { picture, test } from './host.ts'
import { act, check, practise, task, typeLine } from './learner.ts'

test('a step whose Deployment is deleted by hand is put back and done; the picture and its figures are kept', async ({
  page,
  host,
  heard,
}) => {
  await practise(page, host.url)
  await page.goto(page.url().replace('01-pod', '02-deployment'))
  await expect(page.getByTestId('lesson-before')).toContainText('deployment/openresty')
  await act(page, 'returns', ['apply', 'rollout', 'look', 'delete-pod', 'look-pod', 'delete-rs', 'look-rs', 'delete-deployment'])
  await expect(task(page, 'ten')).toHaveAttribute('data-state', 'now')
  await act(page, 'ten', ['apply', 'rollout', 'look', 'curl', 'scale', 'look-again'])
  await expect(task(page, 'own-address')).toHaveAttribute('data-state', 'now')
  await act(page, 'own-address', ['apply'])
  await typeLine(page, 'kubectl delete deployment openresty', /deleted/)
  await task(page, 'own-address').getByRole('button', { name: '重做这一步' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '重做', exact: true }).click()
  await expect(page.locator('[data-task="own-address"] .is-done')).toHaveCount(0)
  await typeLine(page, 'kubectl get deployment openresty', /openresty +\d\/5/)

  for (const name of ['png', 'csv']) {
    const button = page.getByRole('button', { name: new RegExp(name, 'i') })
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(download.suggestedFilename()).toBe(`02-deployment.${name}`)
    const bytes = readFileSync(await download.path())
    if (name === 'png') expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    else expect(bytes.toString()).toMatch(/Pod,openresty-\S+,ready,node\d/)
  }
  await page.screenshot({ path: picture('lab-02-redo') })
  await act(page, 'own-address', ['apply', 'rollout', 'curl'])
  await expect(task(page, 'own-address')).toHaveAttribute('data-state', 'done')
  expect(heard).toEqual([])
})

test('a lesson of one’s own is listed, follows its file while it is open, and names what is wrong with it', async ({
  page,
  host,
  heard,
}) => {
  const folder = join(host.home, 'data/kubernetes-hello-world/my-lessons/60-mine')
  const readme = (title: string) => `# ${title}\n\nI.\n\n## A\n\nSay.\n\n\`\`\`sh\nls\n\`\`\`\n\n## Q\n\nWhy?\n`
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  mkdirSync(folder, { recursive: true })
  for (const name of ['README.md', 'README.en.md']) write(name, readme('我的课'))
  const yaml =
    'namespace: default\ncreates: []\ncleanup: []\ntasks:\n- id: a\n  actions: [{ id: ls, run: ls }]\n  checks: [{ id: looked, text: { zh-CN: 看过, en: seen }, ran: ^ls }]\n'
  write('lesson.yaml', yaml)
  await practise(page, host.url)
  await page.goto(page.url().replace(/#.*/, '#/labs'))
  await page.locator('[data-lesson="60-mine"] a').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('我的课')
  await expect(page.getByTestId('lesson-before')).toContainText('my-lessons/60-mine')
  write('README.md', readme('改过的课'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('改过的课')
  write('lesson.yaml', yaml.replace('ran: ^ls', 'rann: ^ls'))
  await expect(page.getByRole('alert')).toContainText('lesson.yaml:7: tasks.0.checks.0')
  write('lesson.yaml', yaml)
  await expect(check(page, 'looked')).toBeVisible()
  await act(page, 'a', ['ls'])
  await expect(page.getByTestId('lesson-done')).toBeVisible()
  expect(heard).toEqual([])
})
