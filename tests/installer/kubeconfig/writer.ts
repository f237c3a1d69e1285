// A process of its own that merges and takes out again: `node writer.ts <home> <times> [hang]`. For tests of several writers at once.

import { mergeKubeconfig, removeKubeconfig } from '../../../electron/installer/kubeconfig/index.ts'
import { realClock } from '../../../electron/platform/clock.ts'
import { microk8sConfig } from './cases.ts'

const [home = '', times = '1', how] = process.argv.slice(2)
const place = { env: {}, home, clock: realClock }

const intend = async (record: unknown) => {
  if (how !== 'hang') return
  process.stdout.write(`${JSON.stringify(record)}\n`)
  await new Promise(resolve => setTimeout(resolve, 60_000))
}

process.stdout.write('begins\n')
for (let time = 0; time < Number(times); time++) {
  const merged = await mergeKubeconfig({ ...place, config: microk8sConfig }, intend)
  if (merged.state === 'refused') throw new Error(JSON.stringify(merged))
  const removed = await removeKubeconfig(place, undefined)
  if (removed.state === 'refused') throw new Error(JSON.stringify(removed))
}
