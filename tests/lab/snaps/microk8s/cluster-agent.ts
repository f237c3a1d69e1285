// The daemon cluster-agent: applies launch configurations once the cluster answers, and renames them.

import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { enable } from './enable.ts'
import { isReady } from './kubectl.ts'
import { places } from './place.ts'

interface Launch {
  addons?: { name: string; disable?: boolean }[]
}

for (;;) {
  const files = existsSync(places.launcher) ? readdirSync(places.launcher).filter(name => name.endsWith('.yaml')) : []
  for (const file of files) {
    if (existsSync(places.stopped) || !(await isReady())) break
    const path = join(places.launcher, file)
    const { addons = [] } = parse(readFileSync(path, 'utf8')) as Launch
    let failed = false
    for (const addon of addons) failed ||= !addon.disable && (await enable(addon.name)) !== 0
    if (failed) console.error(`failed to apply ${path}`)
    else renameSync(path, `${path}.applied`)
  }
  await sleep(1000) // the real one looks every 5 s
}
