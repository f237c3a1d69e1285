// What goes wrong on a learner's way through each lesson, and how he gets back: one turn a lesson, taken before one of its commands.

import { expect, type Page } from '@playwright/test'
import type { RunningHost } from './host.ts'
import { action, check, childrenOf, errorPanel, screen, task, typeLine } from './learner.ts'

interface Turn {
  /** `task/action` */
  before: string
  take(page: Page, host: RunningHost): Promise<void>
}

const hint = (page: Page, id: string) => check(page, id).locator('.lesson-hint')

/** A command that was run before, by its click; until the terminal shows these words. */
const again = async (page: Page, of: string, id: string, words: RegExp): Promise<void> => {
  await typeLine(page, 'clear; echo ready-$((40 + 2))', /ready-42/)
  // its step may be over and folded away: it can be run all the same
  await action(page, of, id).dispatchEvent('click')
  await expect.poll(() => screen(page), { timeout: 60_000 }).toMatch(words)
}

/** The tab is closed; the next click opens another, in the lesson's folder. */
const closeTerminal = async (page: Page): Promise<void> => {
  await page.locator('.terminal-tab-close').last().click()
  await expect(page.getByRole('tab')).toHaveCount(0)
}

const reload = async (page: Page): Promise<void> => {
  await page.reload()
  await expect(page.locator('[data-state="now"]')).toBeVisible()
}

/** The practice cluster loses its power, and is started again by one click; what it held is there again. */
const killCluster = async (page: Page, host: RunningHost): Promise<void> => {
  const [practice] = childrenOf(host.process.pid as number, 'practice.js')
  process.kill(practice as number, 'SIGKILL')
  await errorPanel(page, 'KHW-036').getByRole('button').click()
  await expect(page.locator('.topbar .state-shape.ready')).toBeVisible({ timeout: 15_000 })
  await expect(page.locator('.error-panel')).toHaveCount(0)
}

export const wrongTurns: Readonly<Record<string, Turn>> = {
  '01-pod': { before: 'hello-world/curl-lua', take: closeTerminal },
  '02-deployment': {
    before: 'ten/look-again',
    take: async page => {
      await expect(check(page, 'five-left')).toHaveAttribute('data-passed', 'true')
      await typeLine(page, 'clear; kubectl delete deployment openresty', /"openresty" deleted/)
      await expect(check(page, 'five-left')).toHaveAttribute('data-passed', 'false')
      await expect(hint(page, 'five-left')).toBeVisible()
      await again(page, 'ten', 'apply', /openresty created/)
      await again(page, 'ten', 'rollout', /successfully rolled out/)
      await again(page, 'ten', 'scale', /openresty scaled/)
    },
  },
  '03-service': {
    before: 'cluster-ip/apply',
    take: async page => {
      await typeLine(page, 'clear; kubectl create service clusterip openrestry --tcp=80:80', /openrestry created/)
      await expect(hint(page, 'address')).toContainText('openrestry')
      await typeLine(page, 'clear; kubectl delete service openrestry', /"openrestry" deleted/)
    },
  },
  '04-statefulset': { before: 'value/get', take: reload },
  '05-labels': {
    before: 'pick/apply',
    take: async page => {
      await page.keyboard.press('Control+`')
      await typeLine(page, 'clear; kubectl run red-web --image=busybox -l lab=lables', /red-web created/)
      await expect(hint(page, 'four')).toContainText('lab=labels')
      await typeLine(page, 'clear; kubectl delete pod red-web --now', /"red-web" .*deleted/)
    },
  },
  '06-namespace': {
    before: 'same-name/red-web',
    take: async page => {
      // A web in the room that kubectl means when none is named: the lesson says where it went.
      await typeLine(page, 'clear; kubectl apply -f web.yaml', /deployment\.apps\/web created/)
      await expect(hint(page, 'red-ready')).toContainText('default')
      await typeLine(page, 'clear; kubectl delete -f web.yaml', /deleted/)
      // A name with a slip in it.
      await typeLine(page, 'clear; kubectl create deployment -n lab-red wbe --image=openresty/openresty:alpine', /wbe created/)
      await expect(hint(page, 'red-ready')).toContainText('wbe')
      // The room goes with all that is in it; the commands that need it fail, and say so.
      await typeLine(page, 'clear; kubectl delete namespace lab-red; echo gone-$((40 + 2))', /gone-42/)
      await action(page, 'same-name', 'red-web').click()
      await expect(action(page, 'same-name', 'red-web')).toHaveClass(/is-failed/)
      await again(page, 'rooms', 'red', /lab-red created/)
      await again(page, 'same-name', 'red-page', /page created/)
    },
  },
  '07-replicationcontroller': {
    before: 'grandfather/delete',
    take: async page => {
      await typeLine(page, 'clear; kubectl delete rc web -n lab-rc', /"web" deleted/)
      await again(page, 'grandfather', 'apply', /web created/)
      await again(page, 'grandfather', 'wait', /web +3 +3 +3/)
    },
  },
  '08-daemonset': {
    before: 'back/look',
    take: async page => {
      await typeLine(page, 'clear; echo at-work-$((40 + 2)); sleep 300', /at-work-42/)
      await closeTerminal(page)
    },
  },
  '09-job': {
    before: 'many/wait',
    take: async page => {
      await action(page, 'many', 'wait').click()
      await expect(action(page, 'many', 'wait')).toHaveClass(/is-running/)
      await reload(page)
      await expect(action(page, 'many', 'wait')).toHaveClass(/is-done/)
    },
  },
  '10-cronjob': {
    before: 'wind-up/apply',
    take: async page => {
      const slip = "kubectl create cronjob clokc -n lab-cron --image=busybox --schedule='0 0 1 1 *'"
      await typeLine(page, `clear; ${slip}`, /clokc created/)
      await expect(hint(page, 'wound')).toContainText('clokc')
      await typeLine(page, 'clear; kubectl delete cronjob clokc -n lab-cron', /"clokc" deleted/)
    },
  },
  '11-hpa': {
    before: 'measure/look',
    take: async page => {
      await typeLine(page, 'clear; kubectl delete hpa web -n lab-hpa', /"web" deleted/)
      await again(page, 'measure', 'autoscaler', /web created/)
    },
  },
  '12-storage': { before: 'kept/again', take: killCluster },
  '20-break': {
    before: 'case-3/describe',
    take: async page => {
      await closeTerminal(page)
      await reload(page)
    },
  },
  '99-final': {
    before: 'count/get',
    take: async (page, host) => {
      await typeLine(page, 'clear; kubectl delete service openresty', /"openresty" deleted/)
      await again(page, 'everything', 'openresty', /service\/openresty created/)
      await killCluster(page, host)
      await expect(task(page, 'everything')).toHaveAttribute('data-state', 'done')
      // After its power cut redis takes a moment to answer.
      await typeLine(page, 'clear; until kubectl exec redis-0 -- redis-cli ping; do sleep 1; done', /PONG/)
    },
  },
}
