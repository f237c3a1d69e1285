// `microk8s status`: its three formats, and what it answers when there is nothing good to say. Exit codes included, the odd ones too.

import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { addonStates, addons, isReady } from './kubectl.ts'
import { places } from './place.ts'

const notRunning = 'microk8s is not running. Use microk8s inspect for a deeper inspection.'

const row = (addon: (typeof addons)[number]) => `${addon.name.padEnd(20)} # (core) ${addon.description}`

const pretty = (states: Map<string, boolean>): string[] => {
  const part = (wanted: boolean) => addons.filter(addon => states.get(addon.name) === wanted).map(addon => `    ${row(addon)}`)
  const ha = ['high-availability: no', '  datastore master nodes: 127.0.0.1:19001', '  datastore standby nodes: none']
  return ['microk8s is running', ...ha, 'addons:', '  enabled:', ...part(true), '  disabled:', ...part(false)]
}

const onOff = (isOn: boolean | undefined) => (isOn ? 'enabled' : 'disabled')

const ha = ['high-availability:', '  enabled: True', '  nodes:', '    - address: 127.0.0.1:19001', '      role: voter']

const yaml = (states: Map<string, boolean>): string[] => [
  ...['microk8s:', '  running: True', ...ha, 'addons:'],
  ...[...addons]
    .sort((a, b) => Number(states.get(b.name)) - Number(states.get(a.name)))
    .flatMap(addon => [
      `  - name: ${addon.name}`,
      '    repository: core',
      `    description: ${addon.description}`,
      `    version: ${addon.version}`,
      `    status: ${onOff(states.get(addon.name))}`,
    ]),
]

const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`)

/** Gives the exit code. */
export const status = async (args: string[]): Promise<number> => {
  const { values } = parseArgs({
    args,
    options: {
      format: { type: 'string', default: 'pretty' },
      'wait-ready': { type: 'boolean', short: 'w' },
      timeout: { type: 'string', short: 't', default: '0' },
      addon: { type: 'string', short: 'a' },
    },
  })
  if (existsSync(places.stopped)) {
    print(['microk8s is not running, try microk8s start'])
    return 0
  }
  const patience = Number(values.timeout) * 1000
  const startedAt = performance.now()
  while (!(await isReady())) {
    const over = patience > 0 && performance.now() - startedAt > patience
    if (values['wait-ready'] && !over) {
      await sleep(2000)
      continue
    }
    print(values.format === 'yaml' ? ['microk8s:', '  running: False', ...ha, `  message: ${notRunning}`] : [notRunning])
    return 1
  }
  const states = await addonStates()
  if (values.addon !== undefined) print([onOff(states.get(values.addon.replace('core/', '')))])
  else if (values.format === 'yaml') print(yaml(states))
  else if (values.format === 'short')
    print(['microk8s is running', 'addons:', ...addons.map(({ name }) => `core/${name}: ${onOff(states.get(name))}`)])
  else print(pretty(states))
  return 0
}
