// Several real processes at one kubeconfig, kubectl among them, and processes killed at any instant.

import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { type KubeconfigRecord, mergeKubeconfig, removeKubeconfig } from '../../../electron/installer/kubeconfig/index.ts'
import { realClock } from '../../../electron/platform/clock.ts'
import { microk8sConfig } from './cases.ts'

const execute = promisify(execFile)
const writer = join(import.meta.dirname, 'writer.ts')

const withHome = async <T>(work: (home: string, config: string) => Promise<T>): Promise<T> => {
  const home = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
  const config = join(home, '.kube/config')
  mkdirSync(join(home, '.kube'))
  try {
    return await work(home, config)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

const lineWith = async (output: Readable, word: string): Promise<string> => {
  for await (const line of createInterface({ input: output })) if (line.includes(word)) return line
  throw new Error(`ended without ${word}`)
}

/** kubectl writes `count` clusters one after the other while two of us put ours in and out; what is missing at the end. */
export const withKubectl = (
  kubectl: string,
  count: number,
): Promise<{ set: number; tries: number; missing: string[]; left: string[] }> =>
  withHome(async (home, config) => {
    let stopped = false
    const one = async () => {
      while (!stopped) await execute(process.execPath, [writer, home, '8'])
    }
    const ours = [one(), one()]
    const names: string[] = []
    let tries = 0
    for (let number = 0; number < count; ) {
      tries++
      const args = ['--kubeconfig', config, 'config', 'set-cluster', `user-${number}`, '--server', 'https://x']
      const done = await execute(kubectl, args).then(
        () => true,
        // kubectl does not wait for a lock: it fails, and people try again.
        (error: Error) => {
          if (!/\.lock: file exists/.test(error.message)) throw error
          return false
        },
      )
      if (done) names.push(`user-${number++}`)
    }
    stopped = true
    await Promise.all(ours)
    const place = { env: {}, home, clock: realClock }
    await mergeKubeconfig({ ...place, config: microk8sConfig }, async () => {})
    const { stdout } = await execute(kubectl, ['--kubeconfig', config, 'config', 'get-clusters'])
    const missing = [...names, 'microk8s'].filter(name => !stdout.split('\n').includes(name))
    const left = readdirSync(join(home, '.kube')).filter(name => name !== 'config' && !name.startsWith('config.before-microk8s-'))
    return { set: names.length, tries, missing, left }
  })

/** One of us is killed while it holds the lock and has told what it will do. */
export const killedInside = (): Promise<{ afterKill: string; removal: string; left: string[] }> =>
  withHome(async (home, config) => {
    writeFileSync(config, 'apiVersion: v1\nkind: Config\n# mine\n')
    // Half written by one of us who is long dead, and by somebody who only sounds like it.
    writeFileSync(`${config.replace(/config$/, '.config')}.khw-4194303-0123abcd`, 'half')
    writeFileSync(`${config}.khw-notes`, 'mine')
    const child = spawn(process.execPath, [writer, home, '1', 'hang'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const line = await lineWith(child.stdout, '{')
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('exit', resolve))
    const afterKill = readFileSync(config, 'utf8')
    const place = { env: {}, home, clock: realClock }
    const removal = await removeKubeconfig(place, JSON.parse(line) as KubeconfigRecord)
    const merged = await mergeKubeconfig({ ...place, config: microk8sConfig }, async () => {})
    if (merged.state !== 'merged') throw new Error(JSON.stringify(merged))
    await removeKubeconfig(place, merged.record)
    if (readFileSync(config, 'utf8') !== afterKill) throw new Error('not restored')
    return { afterKill, removal: removal.state, left: readdirSync(join(home, '.kube')) }
  })

/** Killed `ms` after it began, wherever it is then; what the file is afterwards, and whether the next run works. */
export const killedAfter = (ms: number): Promise<'before' | 'after' | string> =>
  withHome(async (home, config) => {
    const text = 'apiVersion: v1\nkind: Config\nclusters:\n- name: mine\n  cluster: {server: s}\ncurrent-context: mine\n'
    writeFileSync(config, text)
    const child = spawn(process.execPath, [writer, home, '500'], { stdio: ['ignore', 'pipe', 'ignore'] })
    await lineWith(child.stdout, 'begins')
    await new Promise(resolve => setTimeout(resolve, ms))
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('exit', resolve))
    const found = readFileSync(config, 'utf8')
    const place = { env: {}, home, clock: realClock }
    const merged = await mergeKubeconfig({ ...place, config: microk8sConfig }, async () => {})
    if (merged.state === 'refused') return `next run: ${JSON.stringify(merged)}`
    const removed = await removeKubeconfig(place, merged.state === 'merged' ? merged.record : undefined)
    if (removed.state === 'refused' || removed.state === 'absent') return `next removal: ${removed.state}`
    const now = readFileSync(config, 'utf8')
    const left = readdirSync(join(home, '.kube')).filter(name => !/^config(\.before-microk8s-[^.]+)?$/.test(name))
    if (left.length > 0) return `left: ${left}`
    if (!now.includes('- name: mine\n  cluster: {server: s}') || now.includes('hello-world')) return `lost: ${now}`
    return found.includes('microk8s') ? 'after' : 'before'
  })
