// The daemon containerd: imports what is put into its sideload folder and renames it, or tries for ever.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { places, readImages, writeJson } from './place.ts'

interface Descriptor {
  digest: string
  size: number
  annotations?: Record<string, string>
}
interface Manifest {
  config?: Descriptor
  layers?: Descriptor[]
  manifests?: Descriptor[]
}

/** All that a descriptor leads to must be there, whole. */
const check = (folder: string, { digest }: Descriptor): void => {
  const path = join(folder, 'blobs', digest.replace(':', '/'))
  if (!existsSync(path)) throw new Error(`content digest ${digest}: not found`)
  const bytes = readFileSync(path)
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (found !== digest) throw new Error(`unexpected commit digest ${found}, expected ${digest}: failed precondition`)
  if (bytes[0] !== 0x7b) return
  const manifest = JSON.parse(bytes.toString()) as Manifest
  for (const next of [...(manifest.manifests ?? []), ...(manifest.layers ?? [])]) check(folder, next)
  if (manifest.config) check(folder, manifest.config)
}

/** References in an archive. @throws Error where it is not whole */
const importArchive = (path: string): string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'sideload-'))
  try {
    const { status, stderr } = spawnSync('tar', ['-xf', path, '-C', folder], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`archive/tar: ${stderr.trim()}`)
    const { manifests } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { manifests: Descriptor[] }
    return manifests.flatMap(manifest => {
      check(folder, manifest)
      const name = manifest.annotations?.['io.containerd.image.name']
      return name === undefined ? [] : [name]
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

mkdirSync(places.sideload, { recursive: true })
for (;;) {
  for (const file of readdirSync(places.sideload).filter(name => name.endsWith('.tar'))) {
    const path = join(places.sideload, file)
    try {
      const references = importArchive(path)
      writeJson(places.images, { ...Object.fromEntries(references.map(reference => [reference, {}])), ...readImages() })
      renameSync(path, `${path}.loaded`)
      console.log(`level=info msg="Imported ${references.length} images" path=${path} plugin=sideload-images`)
    } catch (error) {
      console.error(`level=error msg="Failed to import images" error="${String(error)}" path=${path} plugin=sideload-images`)
    }
  }
  await sleep(1000) // the real one looks every 5 s
}
