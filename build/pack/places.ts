// Where everything goes: in the checkout while packing, and on a machine once installed.

import { join } from 'node:path'
import { root } from '../steps.ts'

/** Of the product's folder, program, package and desktop entry: no space in it, because a space in /opt has broken packages. */
export const product = 'kubernetes-hello-world'

/** On the machine. Maintainer scripts, policy and profile in build/linux name these paths too; a test compares them. */
export const installed = {
  app: `/opt/${product}`,
  resources: `/opt/${product}/resources`,
  node: `/opt/${product}/resources/node`,
  helper: `/usr/lib/${product}/setup-helper`,
  lock: `/usr/lib/${product}/bundle.lock.json`,
  policy: '/usr/share/polkit-1/actions/io.github.kubernetes_hello_world.setup.policy',
} as const

/** What packs, kept for the next time. */
export const tools = join(root, '.cache/pack/tools')
export const linux = join(root, 'build/linux')
