// `npm test`: installs what is missing, then runs every check and test (build/test.ts). Works on any Node >= 20.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chooseLanguage, ensureInstalled, exits, loadWords, node24, root, runThrough, step } from './install.mjs'

const words = loadWords(chooseLanguage([]))
const say = line => process.stderr.write(`${line}\n`)
const has = program => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** What the tests need of the machine beside npm's packages: how each is recognised, and Debian's package for it. */
const needs = [
  { package: 'chromium', isThere: () => ['chromium', 'chromium-browser', 'google-chrome'].some(has) },
  { package: 'fonts-noto-cjk', isThere: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') },
  { package: 'kubernetes-client', isThere: () => has('kubectl') },
  { package: 'curl', isThere: () => has('curl') },
  { package: 'bash-completion', isThere: () => existsSync('/usr/share/bash-completion/bash_completion') },
  { package: 'poppler-utils', isThere: () => has('pdftotext') },
  { package: 'squashfs-tools', isThere: () => has('mksquashfs') },
]

const ensureMachine = async () => {
  const missing = needs.filter(need => !need.isThere()).map(need => need.package)
  if (missing.length === 0) return true
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing]
  if (process.getuid?.() !== 0 || !has('apt-get')) {
    say(words('testPackages', { missing: missing.join(', '), command: `sudo ${command.join(' ')}` }))
    return false
  }
  const options = { toStderr: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  return step(say, words('installedPackages', { missing: missing.join(', ') }), async () => {
    await runThrough(['apt-get', 'update', '-q'], options)
    return (await runThrough(command, options)) === 0
  })
}

process.exitCode =
  (await ensureInstalled(say, words)) && (await ensureMachine())
    ? await runThrough([node24, join(root, 'build/test.ts')])
    : exits.environment
