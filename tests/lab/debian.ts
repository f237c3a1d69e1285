// Debian's packages without touching this machine's own: an apt with a state of its own, beside the system's.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.ts'

/** What the lab's machines are made of. */
export const suite = 'trixie'

export const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

const targets = async (label: string): Promise<string | undefined> => {
  const argv = ['apt-get', 'indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', `Label: ${label}`] as const
  const { code, stdout } = await run(argv)
  return code === 0 ? stdout.split('\n').find(Boolean) : undefined
}

/** The archives that this machine's apt reads; undefined where it reads none of Debian's. */
export const mirrors = async (): Promise<{ main: string; security: string | undefined } | undefined> => {
  const main = await targets('Debian')
  return main === undefined ? undefined : { main, security: await targets('Debian-Security') }
}

/** Lines of a sources.list for a suite. */
export const sources = async (name: string): Promise<string[]> => {
  const found = await mirrors()
  if (!found) throw new Error('this apt reads no Debian archive')
  const line = (uri: string, part: string) => `deb [signed-by=${keyring}] ${uri} ${part} main`
  return [
    line(found.main, name),
    line(found.main, `${name}-updates`),
    ...(found.security === undefined ? [] : [line(found.security, `${name}-security`)]),
  ]
}

/** The suite of the machine we stand on: its own packages run here. */
export const ownSuite = (): string | undefined => /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]

/** Downloads packages of a suite and unpacks them into a folder. */
export const unpackPackages = async (name: string, packages: readonly string[], folder: string): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'khw-lab-apt-'))
  try {
    for (const part of ['state/lists/partial', 'cache/archives/partial', 'parts', 'out'])
      mkdirSync(join(home, part), { recursive: true })
    writeFileSync(join(home, 'sources.list'), `${(await sources(name)).join('\n')}\n`)
    writeFileSync(join(home, 'status'), '')
    const options = {
      'Dir::State': join(home, 'state'),
      'Dir::State::status': join(home, 'status'),
      'Dir::Cache': join(home, 'cache'),
      'Dir::Etc::SourceList': join(home, 'sources.list'),
      'Dir::Etc::SourceParts': join(home, 'parts'),
      'Acquire::Languages': 'none',
      'APT::Sandbox::User': '',
    }
    const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`])
    const apt = (...words: string[]) => run(['apt-get', ...flags, '-q', ...words], { cwd: home, check: true })
    await apt('--error-on=any', 'update')
    await apt('download', ...packages)
    mkdirSync(folder, { recursive: true })
    for (const file of readdirSync(home).filter(file => file.endsWith('.deb')))
      await run(['dpkg-deb', '--extract', file, folder], { cwd: home, check: true })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** Why no Debian can be made here; undefined where one can. */
export const whyNoDebian = async (): Promise<string | undefined> => {
  if (!existsSync(keyring)) return 'no keyring of Debian here'
  return (await mirrors()) === undefined ? 'no Debian archive in reach of apt' : undefined
}
