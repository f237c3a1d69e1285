// Kills a practice cluster at random instants while clients write, and looks whether every write that was answered is still there.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PracticeProcess, startPracticeProcess } from '../../build/practice-process.ts'

export interface CrashReport {
  kills: number
  /** Writes that were answered, in all lives. */
  acknowledged: number
  /** What was answered and is not there, or is there though its deletion was answered. */
  lost: string[]
  /** The Deployment had all its Pods again after the last kill. */
  isReady: boolean
}

export interface CrashOptions {
  count: number
  /** Of the instants. */
  seed: number
  writers?: number
  say?(line: string): void
}

/** What must be there: the value answered last; `open` while a write is on its way whose answer nobody got. */
interface Expected {
  value: string | undefined
  open?: string | undefined
  isOpen: boolean
}

const path = '/api/v1/namespaces/default/configmaps'
const names = 12

const mulberry = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Writes, one request after the other, until the cluster dies. */
const write = async (
  life: PracticeProcess,
  writer: number,
  expected: Map<string, Expected>,
  random: () => number,
  isOver: () => boolean,
) => {
  let count = 0
  for (let round = 0; !isOver(); round++) {
    const name = `w${writer}-${Math.floor(random() * names)}`
    const entry = expected.get(name) ?? { value: undefined, isOpen: false }
    expected.set(name, entry)
    const value = entry.value !== undefined && random() < 0.2 ? undefined : `${writer}.${round}.${random()}`
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } })
    Object.assign(entry, { open: value, isOpen: true })
    try {
      const { code } =
        value === undefined
          ? await life.send('DELETE', `${path}/${name}`)
          : await life.send(
              entry.value === undefined ? 'POST' : 'PUT',
              entry.value === undefined ? path : `${path}/${name}`,
              body,
            )
      if (code >= 300) throw new Error(`${code} for ${name}`)
    } catch (error) {
      if (isOver()) return count
      throw error
    }
    Object.assign(entry, { value, isOpen: false })
    count++
  }
  return count
}

/** Compares; an open write may have happened or not, and is settled by what is there. */
const verify = async (life: PracticeProcess, expected: Map<string, Expected>): Promise<string[]> => {
  const { items } = JSON.parse((await life.send('GET', path)).text) as {
    items: { metadata: { name: string }; data?: { value?: string } }[]
  }
  const found = new Map(items.map(({ metadata, data }) => [metadata.name, data?.value]))
  const lost: string[] = []
  for (const [name, entry] of expected) {
    const now = found.get(name)
    if (now !== entry.value && !(entry.isOpen && now === entry.open)) lost.push(`${name}: ${now}, answered was ${entry.value}`)
    Object.assign(entry, { value: now, isOpen: false })
  }
  return lost
}

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

const isReady = async (life: PracticeProcess): Promise<boolean> => {
  for (let tries = 0; tries < 300; tries++) {
    const { status } = JSON.parse((await life.send('GET', '/apis/apps/v1/namespaces/default/deployments/web')).text)
    if (status?.readyReplicas === 3) return true
    await sleep(100)
  }
  return false
}

export const crash = async ({ count, seed, writers = 8, say = () => {} }: CrashOptions): Promise<CrashReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'khw-crash-'))
  const random = mulberry(seed)
  const expected = new Map<string, Expected>()
  const report: CrashReport = { kills: 0, acknowledged: 0, lost: [], isReady: false }
  const start = () => startPracticeProcess(['--state', folder, '--speed', '5'])
  let life = await start()
  try {
    const containers = [{ name: 'web', image: 'openresty/openresty:alpine' }]
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers } }
    const spec = { replicas: 3, selector: { matchLabels: { app: 'web' } }, template }
    await life.send('POST', '/apis/apps/v1/namespaces/default/deployments', JSON.stringify({ metadata: { name: 'web' }, spec }))
    for (; report.kills < count; report.kills++) {
      let isOver = false
      const writing = Promise.all(
        Array.from({ length: writers }, (_, writer) => write(life, writer, expected, random, () => isOver)),
      )
      writing.catch(() => {})
      await sleep(20 + random() * 400)
      isOver = true
      await life.kill()
      const counts = await writing
      report.acknowledged += counts.reduce((sum, each) => sum + each, 0)
      life = await start()
      report.lost.push(...(await verify(life, expected)))
      if ((report.kills + 1) % 10 === 0)
        say(`${report.kills + 1} kills, ${report.acknowledged} writes answered, ${report.lost.length} lost`)
    }
    report.isReady = await isReady(life)
    return report
  } finally {
    await life.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
