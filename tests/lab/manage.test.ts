// MicroK8s from day to day on a machine of the lab: stopped, started, inspected, shared.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundle } from './bundle.ts'
import { openMachine, password, repository, temporaryFolder, whyNoLab } from './lab.ts'
import type { Machine } from './machine.ts'
import { allPods, apply, bundlePlace, podsOf } from './person.ts'

const why = await whyNoLab()

describe.skipIf(why !== undefined)(`khw microk8s in the lab${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  const bundle = temporaryFolder()
  let machine: Machine
  beforeAll(async () => {
    await writeBundle(bundle.path)
    machine = await openMachine({ seeded: true, binds: [[bundle.path, bundlePlace]] })
    expect((await apply(machine)).code).toBe(0)
  })
  afterAll(async () => {
    await machine?.close()
    bundle.rm()
  })
  const khw = (...words: string[]) =>
    machine.type(
      [`${repository}/node_modules/.bin/node`, `${repository}/out/electron/khw.js`, '--lang', 'en', 'microk8s', ...words],
      {
        user: 'alice',
        answers: [[/assword[^\n]*: $/, password]],
        timeout: 120_000,
      },
    )

  test('stops, says so, and starts until it is ready', async () => {
    expect(await khw('status')).toMatchObject({ code: 0, text: expect.stringContaining('MicroK8s is running.') })
    expect(await khw('stop')).toMatchObject({ code: 0, text: expect.stringContaining('MicroK8s is not running.') })
    expect((await khw('status')).code).toBe(1)
    expect(await khw('start')).toMatchObject({ code: 0, text: expect.stringContaining('MicroK8s is running.') })
    await expect.poll(() => podsOf(machine), { timeout: 60_000 }).toEqual(allPods)
  })

  test('inspects, and prints an invitation that the next machine understands', async () => {
    expect(await khw('inspect')).toMatchObject({ code: 0, text: expect.stringContaining('Report tarball is at') })
    const { code, text } = await khw('add-node')
    expect(code, text).toBe(0)
    expect(text).toMatch(/khw microk8s join 192\.0\.2\.10:25000\/[0-9a-f]{32}\/[0-9a-f]{12}/)
  })

  test('a word that is no invitation never gets as far as a password', async () => {
    const { code, text } = await khw('join', 'nonsense')
    expect(code, text).toBe(3)
    expect(text).toMatch(/KHW-151/)
    expect(text).not.toMatch(/assword/)
  })
})
