// A stand-in for fpm, with dpkg-deb: it takes what electron-builder passes, and refuses what it does not know.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

const flags = new Set(['--force', '--debug'])
const scripts = { '--after-install': 'postinst', '--after-remove': 'postrm', '--before-remove': 'prerm' } as const

interface Wishes {
  one: Map<string, string>
  depends: string[]
  recommends: string[]
  files: [from: string, to: string][]
}

const known = new Set([
  ...[
    '-s',
    '-t',
    '-d',
    '--deb-recommends',
    '--deb-compression',
    '--deb-priority',
    '--architecture',
    '--description',
    '--version',
  ],
  ...['--package', '--name', '--maintainer', '--vendor', '--url', '--category', '--license', ...Object.keys(scripts)],
])

const read = (argv: readonly string[]): Wishes => {
  const wishes: Wishes = { one: new Map(), depends: [], recommends: [], files: [] }
  const rest = [...argv]
  while (rest.length > 0) {
    const word = rest.shift() as string
    if (flags.has(word)) continue
    if (!word.startsWith('-')) {
      const at = word.lastIndexOf('=')
      if (at < 0) throw new Error(`not FROM=TO: ${word}`)
      wishes.files.push([word.slice(0, at), word.slice(at + 1)])
      continue
    }
    if (!known.has(word)) throw new Error(`an option that this stand-in does not know: ${word}`)
    const value = rest.shift() ?? ''
    if (word === '-d') wishes.depends.push(value)
    else if (word === '--deb-recommends') wishes.recommends.push(value)
    else wishes.one.set(word, value)
  }
  return wishes
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name))

const controlOf = ({ one, depends, recommends }: Wishes, size: number): string => {
  const [short = '', ...long] = (one.get('--description') ?? '').split('\n').map(line => line.trim())
  const fields: [string, string | undefined][] = [
    ['Package', one.get('--name')],
    ['Version', one.get('--version')],
    ['License', one.get('--license')],
    ['Vendor', one.get('--vendor')],
    ['Architecture', one.get('--architecture')],
    ['Maintainer', one.get('--maintainer')],
    ['Installed-Size', String(Math.ceil(size / 1024))],
    ['Depends', depends.join(', ') || undefined],
    ['Recommends', recommends.join(', ') || undefined],
    ['Section', one.get('--category') ?? 'default'],
    ['Priority', one.get('--deb-priority')],
    ['Homepage', one.get('--url')],
    ['Description', [short, ...long.filter(Boolean).map(line => ` ${line}`)].join('\n')],
  ]
  return `${fields.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join('\n')}\n`
}

const make = (wishes: Wishes): void => {
  const { one, files } = wishes
  if (one.get('-s') !== 'dir' || one.get('-t') !== 'deb') throw new Error('only -s dir -t deb')
  const target = one.get('--package') ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'khw-deb-'))
  try {
    chmodSync(folder, 0o755)
    for (const [from, to] of files) {
      if (!existsSync(from)) throw new Error(`error: File not found: ${from}`)
      mkdirSync(join(folder, dirname(to)), { recursive: true })
      cpSync(from, join(folder, to), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    }
    const content = filesIn(folder)
    const size = content.reduce((sum, path) => sum + lstatSync(path).size, 0)
    const control = join(folder, 'DEBIAN')
    mkdirSync(control)
    writeFileSync(join(control, 'control'), controlOf(wishes, size))
    const sums = content
      .filter(path => lstatSync(path).isFile())
      .map(path => `${createHash('md5').update(readFileSync(path)).digest('hex')}  ${relative(folder, path)}\n`)
    writeFileSync(join(control, 'md5sums'), sums.sort().join(''))
    for (const [option, name] of Object.entries(scripts)) {
      const script = one.get(option)
      if (script !== undefined) writeFileSync(join(control, name), readFileSync(script), { mode: 0o755 })
    }
    const compression = { gz: 'gzip', zst: 'zstd', xz: 'xz' }[one.get('--deb-compression') ?? 'xz'] ?? 'xz'
    const argv = ['--root-owner-group', `-Z${compression}`, '-z1', '--build', folder, target]
    const { status, stderr } = spawnSync('dpkg-deb', argv, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`dpkg-deb: ${stderr}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

process.umask(0o022)
make(read(process.argv.slice(2)))
