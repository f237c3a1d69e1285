// Without a network a lesson has the images that the offline bundle brings, and no others.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { parseReference } from '../../electron/practice/kubelet/image-store.ts'

interface Container {
  image: string
  imagePullPolicy?: string
}

const bundled: string[] = JSON.parse(readFileSync('snaps/bundle.lock.json', 'utf8')).images.lessons

const containersIn = (value: unknown): Container[] => {
  if (Array.isArray(value)) return value.flatMap(containersIn)
  if (typeof value !== 'object' || value === null) return []
  const own = 'image' in value && typeof value.image === 'string' ? [value as Container] : []
  return [...own, ...Object.values(value).flatMap(containersIn)]
}

const manifests = readdirSync('manifests', { recursive: true, encoding: 'utf8' }).filter(
  name => /^\d\d-[^/]+\/.*\.yaml$/.test(name) && !name.endsWith('lesson.yaml'),
)

/** Lab 20's typing error is what the learner is to find. */
const wanted = new Set(['openresty/openresty:alpnie'])

test.each(manifests)('%s runs from the offline bundle', name => {
  const containers = parseAllDocuments(readFileSync(join('manifests', name), 'utf8')).flatMap(each => containersIn(each.toJS()))
  for (const { image, imagePullPolicy } of containers.filter(each => !wanted.has(each.image))) {
    const reference = parseReference(image)
    expect(bundled, image).toContain(reference?.full)
    // An image without a tag, or with `latest`, is asked for each time unless it says otherwise.
    if (reference?.tag === 'latest') expect(imagePullPolicy, `${image} in ${name}`).toBe('IfNotPresent')
  }
})
