// `npm run test:signed`: the way of the store. Assertions are acknowledged, snaps installed without --dangerous, a tampered one
// refused, by a snapd that trusts upstream's public test keys. Prints what each step answered; exits 1 where one is wrong.

import { createHash } from 'node:crypto'
import { appendFileSync, copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BundleLock, bundleLock, lockFile, snapFolder } from '../../../electron/installer/bundle/lock.ts'
import { writeBundle } from '../bundle.ts'
import { openMachine, temporaryFolder, whyNoLab } from '../lab.ts'
import type { Machine } from '../machine.ts'
import { allPods, apply, bundlePlace, installOlder, olderPlace, podsOf, undo } from '../person.ts'
import { run } from '../run.ts'
import { standIns } from '../snaps/pack.ts'
import { difference, takeSnapshot } from '../snapshot.ts'
import { signedTools } from './build.ts'

/** snapd and core22 have the store's own ids, which snapd knows by heart. */
const ids = {
  snapd: 'PMrrV4ml8uWuEUDBT8dSGnKUYbevVhc4',
  core22: 'amcUKQILKXHHTlmSa7NMdnXSx02dNeeT',
  microk8s: 'EaXqgt1lyCaxKaQCU349mlodBkDCXRcg',
} as const
const revisions = { snapd: 11, core22: 12, microk8s: 7 } as const
type Name = keyof typeof ids
const names = Object.keys(ids) as Name[]

/** Turns a bundle of our own files into one from the store: signed, with revisions. */
const signBundle = async (folder: string, sign: string): Promise<void> => {
  const lock = JSON.parse(readFileSync(join(folder, lockFile), 'utf8')) as BundleLock
  const snaps = join(folder, snapFolder)
  const resolve = async (name: Name, file: string) => {
    const { stdout } = await run([sign, name, ids[name], String(revisions[name]), join(snaps, file)], { check: true })
    writeFileSync(join(snaps, `${name}.assert`), stdout)
  }
  const signed = await Promise.all(
    lock.snaps.map(async snap => {
      const entries = Object.entries(snap.resolved).map(([arch, file]) => [
        arch,
        file && { ...file, revision: revisions[snap.name], snapId: ids[snap.name], assertions: `${snap.name}.assert` },
      ])
      for (const file of Object.values(snap.resolved)) if (file) await resolve(snap.name, file.file)
      return { source: 'store', name: snap.name, channel: 'latest/stable', resolved: Object.fromEntries(entries) }
    }),
  )
  writeFileSync(join(folder, lockFile), JSON.stringify(bundleLock.parse({ ...lock, snaps: signed })))
}

/** One byte more, and a lock that agrees with it: only the signature does not. */
const tamper = (folder: string): void => {
  const path = join(folder, snapFolder, 'microk8s_lab.snap')
  const copy = `${path}.new`
  copyFileSync(path, copy)
  appendFileSync(copy, 'x')
  renameSync(copy, path)
  const bytes = readFileSync(path)
  const lock = JSON.parse(readFileSync(join(folder, lockFile), 'utf8')) as BundleLock
  for (const snap of lock.snaps.filter(({ name }) => name === 'microk8s'))
    for (const file of Object.values(snap.resolved).filter(file => file !== null))
      Object.assign(file, { size: bytes.length, sha3_384: createHash('sha3-384').update(bytes).digest('hex') })
  writeFileSync(join(folder, lockFile), JSON.stringify(lock))
}

/** One letter of its signature is another. Gives what puts it right. */
const spoilAssertion = (folder: string): (() => void) => {
  const path = join(folder, snapFolder, 'microk8s.assert')
  const text = readFileSync(path, 'utf8')
  const at = text.trimEnd().length - 10
  writeFileSync(path, `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`)
  return () => writeFileSync(path, text)
}

const why = await whyNoLab()
if (why !== undefined) {
  console.log(`skipped: ${why}`)
  process.exit()
}

let wrong = 0
const show = (what: string, isGood: boolean, words: string): void => {
  if (!isGood) wrong += 1
  console.log(`${isGood ? 'good ' : 'WRONG'} ${what}\n      ${words.trim().split('\n').slice(-12).join('\n      ')}`)
}

const byHand = async (machine: Machine): Promise<void> => {
  const place = `${bundlePlace}/${snapFolder}`
  const unsigned = await machine.run(['snap', 'install', `${place}/core22_lab.snap`])
  show('not acknowledged: refused', unsigned.code !== 0 && /cannot find signatures/.test(unsigned.stderr), unsigned.stderr)
  for (const name of names) {
    const acked = await machine.run(['snap', 'ack', `${place}/${name}.assert`])
    show(`snap ack ${name}`, acked.code === 0, acked.stdout + acked.stderr)
    const flags = name === 'microk8s' ? ['--classic'] : []
    const installed = await machine.run(['snap', 'install', ...flags, `${place}/${name}_lab.snap`])
    show(`snap install ${name}, without --dangerous`, installed.code === 0, installed.stdout + installed.stderr)
  }
  const list = await machine.must(['snap', 'list'])
  show('their revisions and publisher are the signed ones', /microk8s +\S+ +7 .*testrootorg/.test(list), list)
}

const renewedRows = /v1\.34\.3 x1 latest\/stable - disabled,[^\n]*\nmicrok8s v1\.35\.0 7 latest\/stable \S+ classic,held/
/** A signed one takes the place of one from a file, with another channel, and gives it back. */
const renewing = async (machine: Machine): Promise<void> => {
  await installOlder(machine)
  const listed = async () => (await machine.must(['snap', 'list', '--all', 'microk8s'])).replaceAll(/ +/g, ' ')
  const before = await listed()
  const applied = await apply(machine, {}, '--renew')
  show('khw setup apply --renew', applied.code === 0, applied.text.slice(-400))
  const renewed = await listed()
  show('signed, tracking its channel, held; the one before beside it', renewedRows.test(renewed), renewed)
  show('all Pods run', (await podsOf(machine)).join() === allPods.join(), (await podsOf(machine)).join('\n'))
  const undone = await undo(machine)
  const after = await listed()
  show(
    'khw setup undo brings it back with its channel',
    undone.code === 0 && after === before,
    `${undone.text.slice(-400)}\n${after}`,
  )
}

const bundle = temporaryFolder()
const { snapd, sign } = await signedTools()
const binds = [
  [bundle.path, bundlePlace],
  [snapd, '/usr/lib/snapd/snapd'],
] as const
try {
  await writeBundle(bundle.path)
  await signBundle(bundle.path, sign)
  const first = await openMachine({ binds })
  try {
    await byHand(first)
  } finally {
    await first.close()
  }
  const second = await openMachine({ binds })
  try {
    const bare = await takeSnapshot(second)
    const applied = await apply(second)
    show('khw setup apply', applied.code === 0, applied.text.slice(-400))
    const list = await second.must(['snap', 'list'])
    show('signed, tracking its channel, held', /microk8s +\S+ +7 +\S*stable .*held/.test(list), list)
    show('all Pods run', (await podsOf(second)).join() === allPods.join(), (await podsOf(second)).join('\n'))
    const undone = await undo(second)
    const rest = difference(bare, await takeSnapshot(second))
    show('khw setup undo leaves nothing', undone.code === 0 && rest.length === 0, rest.join('\n') || 'no difference')
    const mustRefuse = async (what: string) => {
      const refused = await apply(second)
      show(`khw setup apply with ${what}: refused`, refused.code !== 0 && /KHW-133/.test(refused.text), refused.text.slice(-600))
      const back = await undo(second)
      const left = difference(bare, await takeSnapshot(second))
      show('and taken back without a trace', back.code === 0 && left.length === 0, left.join('\n') || 'no difference')
    }
    const mend = spoilAssertion(bundle.path)
    await mustRefuse('a corrupt assertion')
    mend()
    tamper(bundle.path)
    await mustRefuse('a tampered snap')
  } finally {
    await second.close()
  }
  await writeBundle(bundle.path)
  await signBundle(bundle.path, sign)
  const third = await openMachine({ seeded: true, binds: [...binds, [(await standIns()).microk8s.older, olderPlace]] })
  try {
    await renewing(third)
  } finally {
    await third.close()
  }
} finally {
  bundle.rm()
}
console.log(wrong === 0 ? '\nall good' : `\n${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1
