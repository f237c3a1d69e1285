// The helper's fixed verbs: all that this product ever does as root, each with arguments checked before anything happens.

import * as z from 'zod/mini'

/** A snap's name as snapd allows it. */
const snapName = z.enum(['snapd', 'core22', 'microk8s'])

export const rootRequest = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('forwarding-set') }),
  z.object({ verb: z.literal('forwarding-remove') }),
  z.object({ verb: z.literal('snap-ack'), snap: snapName }),
  z.object({ verb: z.literal('snap-install'), snap: snapName }),
])
export type RootRequest = z.infer<typeof rootRequest>
