// `microk8s enable`: applies an addon's manifests and says so; whether its Pods ever run is another matter.

import { mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addonStates, addons, apply } from './kubectl.ts'
import { places } from './place.ts'

/** One addon at a time, whoever asks. */
const locked = async <T>(act: () => Promise<T>): Promise<T> => {
  mkdirSync(dirname(places.addonLock), { recursive: true })
  for (let tries = 0; ; tries++) {
    try {
      openSync(places.addonLock, 'wx')
      break
    } catch {
      if (tries > 300) rmSync(places.addonLock, { force: true }) // whoever held it was killed
      await sleep(100)
    }
  }
  try {
    return await act()
  } finally {
    rmSync(places.addonLock, { force: true })
  }
}

const out = (line: string) => process.stdout.write(`${line}\n`)
const err = (line: string) => process.stderr.write(`${line}\n`)

/** Gives the exit code. */
export const enable = async (word: string): Promise<number> => {
  const asked = word.split(':')[0] ?? ''
  const name = asked.replace(/^core\//, '')
  if (!asked.includes('/')) err(`Infer repository core for addon ${name}`)
  if (!addons.some(addon => addon.name === name)) {
    err(`Addon ${asked} was not found in any repository`)
    return 1
  }
  return locked(async () => {
    if ((await addonStates()).get(name)) {
      out(`Addon core/${name} is already enabled`)
      return 0
    }
    if (name === 'storage')
      err("DEPRECATION WARNING: 'storage' is deprecated and will soon be removed. Please use 'hostpath-storage' instead.")
    const manifest = name === 'dns' ? 'dns' : 'hostpath-storage'
    out(manifest === 'dns' ? 'Enabling DNS' : 'Enabling default storage class.')
    if (manifest === 'dns') {
      out('No valid resolv.conf file could be found')
      out('Falling back to 8.8.8.8 8.8.4.4')
    } else out('WARNING: Hostpath storage is not suitable for production environments.')
    const { code, stdout, stderr } = await apply(manifest)
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    if (code !== 0) return code
    out(manifest === 'dns' ? 'DNS is enabled' : 'Storage will be available soon.')
    return 0
  })
}
