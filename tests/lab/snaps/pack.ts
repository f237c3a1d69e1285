// Packs the stand-in snaps: microk8s in its variants, and core22 and snapd, which snapd wants beside it.

import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { descriptionsPlugin } from '../../../build/descriptions.ts'
import { cached, runOf, userland } from '../layers.ts'

/** One as it should be, one a version behind, and faults that a microk8s can have built in. */
export const variants = ['good', 'older', 'failing-hook', 'crash-loop'] as const
export type Variant = (typeof variants)[number]

/** Where the machines of the lab have what a snap of a few kilobytes cannot bring. */
export const brought = { node: '/opt/lab/node', kubectl: '/opt/lab/kubectl' } as const

const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'
const here = join(import.meta.dirname, 'microk8s')
const daemons = ['containerd', 'kubelite', 'cluster-agent', 'k8s-dqlite', 'apiserver-kicker', 'apiserver-proxy'] as const
const commands = ['status', 'enable', 'kubectl', 'config', 'ctr', 'inspect', 'start', 'stop', 'images', 'add-node', 'version']

const yaml = (name: string, version: string, lines: readonly string[]): string =>
  [`name: ${name}`, `version: '${version}'`, `summary: Stand-in for ${name}`, `description: For tests of the installer.`]
    .concat(`architectures: [${arch}]`, lines)
    .join('\n')
    .concat('\n')

/** Files of a snap: path to text; a program where the text begins with a shebang line. */
type Files = Readonly<Record<string, string>>

const snapFiles: Readonly<Record<'core22' | 'snapd', Files>> = {
  core22: {
    'meta/snap.yaml': yaml('core22', '20250101', ['type: base']),
    ...Object.fromEntries(
      'bin dev etc home lib media mnt opt proc root run snap sys tmp usr var'.split(' ').map(name => [`${name}/.keep`, '']),
    ),
  },
  snapd: {
    'meta/snap.yaml': yaml('snapd', '2.1', ['type: snapd']),
    // Old enough for the packaged snapd to go on itself, instead of handing over to this empty one.
    'usr/lib/snapd/info': 'VERSION=2.1\nSNAPD_APPARMOR_REEXEC=0\n',
    'usr/bin/.keep': '',
  },
}

const microk8sFiles = (variant: Variant): Files => ({
  'meta/snap.yaml': yaml('microk8s', variant === 'older' ? 'v1.34.3' : 'v1.35.0', [
    ...['confinement: classic', 'grade: stable', 'base: core22', 'assumes: [snapd2.52]', 'apps:'],
    ...['  microk8s:', '    command: bin/microk8s'],
    ...commands.flatMap(name => [`  ${name}:`, `    command: bin/microk8s ${name}`]),
    ...daemons.flatMap(name => [`  daemon-${name}:`, `    command: bin/daemon ${name}`, '    daemon: simple']),
  ]),
  'bin/microk8s': `#!/bin/sh\nexec ${brought.node} "$SNAP/lib/command.js" "$@"\n`,
  // What only idles in the real one too, on a single node.
  'bin/daemon': `#!/bin/sh\n[ -e "$SNAP/lib/$1.js" ] && exec ${brought.node} "$SNAP/lib/$1.js"\nexec sleep 2147483647\n`,
  kubectl: `#!/bin/sh\nexec ${brought.kubectl} "$@"\n`,
  variant: variant,
  ...Object.fromEntries(
    ['install', 'configure', 'remove'].map(name => [
      `meta/hooks/${name}`,
      `#!/bin/sh\nexec ${brought.node} "$SNAP/lib/hook.js" ${name}\n`,
    ]),
  ),
})

/** The stand-in's programs, each in few files without a node_modules. */
const bundle = async (folder: string): Promise<void> => {
  const entries = ['command', 'containerd', 'kubelite', 'cluster-agent', 'hook'].map(name => [name, join(here, `${name}.ts`)])
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [descriptionsPlugin()],
    ssr: { noExternal: true, target: 'node', resolve: { mainFields: ['main'] } },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node24',
      rolldownOptions: {
        input: Object.fromEntries(entries),
        output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'parts/[name].js' },
      },
    },
  })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n')
}

const write = (folder: string, files: Files): void => {
  for (const [path, text] of Object.entries(files)) {
    const full = join(folder, path)
    mkdirSync(join(full, '..'), { recursive: true })
    writeFileSync(full, text)
    if (text.startsWith('#!')) chmodSync(full, 0o755)
  }
}

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(path => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  )

export interface StandIns {
  core22: string
  snapd: string
  microk8s: Readonly<Record<Variant, string>>
}

let packed: Promise<StandIns> | undefined
/** Paths of the snap files. The same sources give the same bytes; packed once in a process, however long it runs. */
export const standIns = (): Promise<StandIns> => {
  packed ??= pack()
  return packed
}

const pack = async (): Promise<StandIns> => {
  const programs = mkdtempSync(join(tmpdir(), 'khw-lab-snap-'))
  try {
    await bundle(programs)
    const recipe = {
      arch,
      core: snapFiles,
      microk8s: variants.map(microk8sFiles),
      programs: contents(programs),
      files: contents(join(here, 'files')),
    }
    const folder = await cached('snaps', recipe, async folder => {
      const linux = await userland()
      const squash = async (name: string, files: Files, more: readonly (readonly [string, string])[] = []) => {
        const from = join(folder, 'making')
        write(from, files)
        for (const [source, place] of more) cpSync(source, join(from, place), { recursive: true })
        const flags = [
          '-noappend',
          '-comp',
          'gzip',
          '-no-fragments',
          '-all-root',
          '-no-progress',
          '-quiet',
          '-all-time',
          '0',
          '-mkfs-time',
          '0',
        ]
        await runOf(linux, ['usr/bin/mksquashfs', from, join(folder, `${name}.snap`), ...flags])
        rmSync(from, { recursive: true })
      }
      await squash('core22', snapFiles.core22)
      await squash('snapd', snapFiles.snapd)
      for (const variant of variants)
        await squash(`microk8s-${variant}`, microk8sFiles(variant), [
          [programs, 'lib'],
          [join(here, 'files'), '.'],
        ])
    })
    const file = (name: string) => join(folder, `${name}.snap`)
    if (!existsSync(file('core22'))) throw new Error(`no snaps in ${folder}`)
    const microk8s = Object.fromEntries(variants.map(variant => [variant, file(`microk8s-${variant}`)])) as Record<
      Variant,
      string
    >
    return { core22: file('core22'), snapd: file('snapd'), microk8s }
  } finally {
    rmSync(programs, { recursive: true, force: true })
  }
}
