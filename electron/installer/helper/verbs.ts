// The helper's fixed verbs: all that this product ever does as root, each with arguments checked before anything happens.

import * as z from 'zod/mini'

const text = (pattern: RegExp) => z.string().check(z.regex(pattern))
const snapName = z.enum(['snapd', 'core22', 'microk8s'])
/** snapd's own grammar is wider; this is what MicroK8s' channels look like. */
const channel = text(/^(latest|\d+\.\d+)(-strict)?\/(stable|candidate|beta|edge)$/)
const fileName = text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/)
const digest = z.union([text(/^sha3-384:[0-9a-f]{96}$/), text(/^sha256:[0-9a-f]{64}$/)])
/** An image reference with its registry, and nothing that a program could take for an option. */
const reference = text(/^[a-z0-9][a-zA-Z0-9._:/@-]{2,250}$/)
/** A folder to read from: absolute, plain, without steps upwards. */
const folder = text(/^\/(?!.*(^|\/)\.\.(\/|$))[^\0\n]{1,500}$/)
const addon = z.enum(['core/dns', 'core/hostpath-storage'])
/** As useradd takes them, and names of a directory service. */
const userName = text(/^[A-Za-z_][A-Za-z0-9_.@-]{0,255}$/)
const flag = z.enum(['0', '1'])
/** The store's number, or one that snapd gave a snap from a file. */
const revision = text(/^x?\d{1,9}$/)
/** `10.0.0.5:25000/<token>/<fingerprint>`, as `microk8s add-node` prints it. */
export const invitation = text(/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]):25000\/[0-9a-f]{32}(\/[0-9a-f]{12})?$/)
/** An image archive by the beginning of its digest: its place says what it is. */
const archive = text(/^khw-[0-9a-f]{16}$/)

const plain = <V extends string>(verb: V) => z.strictObject({ verb: z.literal(verb) })

export const rootRequest = z.discriminatedUnion('verb', [
  // The bundle, copied to where only root writes.
  z.strictObject({
    verb: z.literal('bundle-stage'),
    from: folder,
    /** Assertions have no digest of their own: snapd checks their signatures. */
    files: z.array(
      z.strictObject({
        path: text(/^(snaps|images)\/[A-Za-z0-9][A-Za-z0-9._-]*$/),
        as: fileName,
        size: z.optional(z.number()),
        digest: z.optional(digest),
      }),
    ),
  }),
  plain('bundle-unstage'),
  // Forwarding of packets, and rules before those that drop them.
  plain('forwarding-set'),
  z.strictObject({ verb: z.literal('forwarding-remove'), was: flag }),
  plain('forward-set'),
  plain('forward-remove'),
  // A default route where there is none.
  plain('route-set'),
  plain('route-remove'),
  // What MicroK8s finds when it is installed.
  z.strictObject({ verb: z.literal('images-place'), archive }),
  z.strictObject({ verb: z.literal('images-settle'), archive, references: z.array(reference) }),
  z.strictObject({ verb: z.literal('images-remove'), archive }),
  z.strictObject({ verb: z.literal('launch-write'), nftables: z.boolean() }),
  plain('launch-remove'),
  // Snaps.
  z.strictObject({ verb: z.literal('snap-ack'), snap: snapName }),
  z.strictObject({ verb: z.literal('snap-install'), snap: snapName, how: z.enum(['signed', 'dangerous']) }),
  z.strictObject({ verb: z.literal('snap-fetch'), snap: snapName, channel: z.optional(channel) }),
  z.strictObject({ verb: z.literal('snap-remove'), snap: snapName }),
  /** MicroK8s back to the revision before a renewal, while the one that it brought is in use. */
  z.strictObject({ verb: z.literal('snap-revert'), from: revision, to: revision }),
  /** A revision of MicroK8s that is not in use. */
  z.strictObject({ verb: z.literal('snap-drop'), revision }),
  z.strictObject({ verb: z.literal('snap-switch'), channel }),
  plain('snap-hold'),
  plain('snap-unhold'),
  // MicroK8s itself.
  plain('microk8s-start'),
  plain('microk8s-stop'),
  plain('microk8s-add-node'),
  z.strictObject({ verb: z.literal('microk8s-join'), invitation, worker: z.boolean() }),
  plain('microk8s-leave'),
  plain('microk8s-inspect'),
  z.strictObject({ verb: z.literal('microk8s-enable'), addon }),
  z.strictObject({ verb: z.literal('microk8s-disable'), addon }),
  plain('kubectl-link'),
  plain('kubectl-unlink'),
  // MicroK8s' group, for the very user who lets us be root.
  z.strictObject({ verb: z.literal('group-join'), user: userName }),
  z.strictObject({ verb: z.literal('group-leave'), user: userName }),
  /** What MicroK8s leaves behind when it is removed, where it was not there before it came. */
  z.strictObject({
    verb: z.literal('residue-remove'),
    group: z.boolean(),
    ufw: z.boolean(),
    apparmor: z.boolean(),
    ipv6: z.optional(flag),
  }),
  // Looking.
  plain('look-status'),
  plain('look-config'),
  plain('look-forward'),
  plain('look-images'),
  z.strictObject({ verb: z.literal('look-objects'), kind: z.enum(['nodes', 'pods', 'events', 'persistentvolumes']) }),
  z.strictObject({ verb: z.literal('look-journal'), unit: z.enum(['containerd', 'kubelite', 'cluster-agent', 'k8s-dqlite']) }),
])
export type RootRequest = z.infer<typeof rootRequest>
export type Verb = RootRequest['verb']

/** One request on the helper's stdin. */
export const helperRequest = z.object({ id: z.number(), request: rootRequest })

/** Looks only: never asked for in a plan, never in the ledger. */
export const isLook = ({ verb }: RootRequest): boolean => verb.startsWith('look-')
