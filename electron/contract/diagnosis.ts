// Why something is not ready: a cause from a closed list, the evidence for it, and what to type next.

import * as z from 'zod/mini'

/** Cause to id. `diagnosis.causes.<cause>.{title,so}` has its words; a test keeps them complete. Ids are never reused. */
export const causeIds = {
  'image.notFound': 'KHW-301',
  'image.denied': 'KHW-302',
  'image.unreachable': 'KHW-303',
  'image.invalidName': 'KHW-304',
  'image.neverPull': 'KHW-305',
  'image.sandbox': 'KHW-306',
  'image.other': 'KHW-307',
  'scheduling.resources': 'KHW-311',
  'scheduling.taint': 'KHW-312',
  'scheduling.selector': 'KHW-313',
  'scheduling.affinity': 'KHW-314',
  'scheduling.spread': 'KHW-315',
  'scheduling.cordoned': 'KHW-316',
  'scheduling.ports': 'KHW-317',
  'scheduling.nodesNotReady': 'KHW-318',
  'scheduling.noNodes': 'KHW-319',
  'scheduling.gated': 'KHW-320',
  'scheduling.other': 'KHW-321',
  'crash.outOfMemory': 'KHW-331',
  'crash.noCommand': 'KHW-332',
  'crash.exitsAtOnce': 'KHW-333',
  'crash.exitCode': 'KHW-334',
  'crash.cannotStart': 'KHW-335',
  'probe.readiness': 'KHW-341',
  'probe.liveness': 'KHW-342',
  'probe.startup': 'KHW-343',
  'config.missing': 'KHW-351',
  'config.keyMissing': 'KHW-352',
  'volume.mount': 'KHW-353',
  'claim.missing': 'KHW-361',
  'claim.noClass': 'KHW-362',
  'claim.noDefaultClass': 'KHW-363',
  'claim.noVolume': 'KHW-364',
  'claim.provisioning': 'KHW-365',
  'claim.lost': 'KHW-366',
  'service.noMatch': 'KHW-371',
  'service.noneReady': 'KHW-372',
  'service.port': 'KHW-373',
  'quota.exceeded': 'KHW-381',
  'create.forbidden': 'KHW-382',
  'rollout.paused': 'KHW-383',
  'job.failed': 'KHW-384',
  'autoscaler.noRequests': 'KHW-385',
  'autoscaler.noMetrics': 'KHW-386',
  'node.notReady': 'KHW-391',
  'node.pressure': 'KHW-392',
  'node.evicted': 'KHW-393',
  'deletion.finalizer': 'KHW-394',
  'dns.down': 'KHW-395',
} as const

export type Cause = keyof typeof causeIds

/** A Pod's way from wish to work. */
export const stages = ['created', 'scheduled', 'pulled', 'started', 'ready'] as const

export const lifeStage = z.object({
  stage: z.enum(stages),
  state: z.enum(['done', 'failed', 'now', 'later']),
  seen: z.optional(z.string()),
})

export const diagnosis = z.object({
  cause: z.enum(Object.keys(causeIds) as [Cause, ...Cause[]]),
  /** The troubled object itself: for a workload, the Pod that shows the trouble. */
  subject: z.object({ kind: z.string(), name: z.string(), namespace: z.optional(z.string()), uid: z.string() }),
  /** Facts for the cause's sentences. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  /** For Pods: how far it came, and what was seen at each stage. */
  life: z.array(lifeStage),
  /** The cluster's own words: where they stand (`status`, `event Failed`), and when, in RFC 3339. */
  evidence: z.array(z.object({ text: z.string(), from: z.string(), at: z.optional(z.string()) })),
  /** Commands, the best first; `diagnosis.next.<say>` tells what each is for. */
  next: z.array(z.object({ command: z.string(), say: z.string() })),
})
export type Diagnosis = z.infer<typeof diagnosis>

/** A command whose last word the reader must choose: it is typed without Enter. */
export const isUnfinished = (command: string): boolean => /[ :=](TAG|N|NODE)$/.test(command)

/** A command that only looks, or opens a shell in which the user types: it changes nothing by itself. */
export const isLook = (command: string): boolean => /^kubectl (get|describe|logs|top|exec) /.test(command)

/** Facts that may be unknown, without which a cause's sentence is another: `soBare`. */
const mayLack: Partial<Record<Cause, string>> = {
  'scheduling.resources': 'requests',
  'scheduling.taint': 'taint',
  'scheduling.selector': 'selector',
  'crash.outOfMemory': 'memory',
  'crash.noCommand': 'command',
  'claim.noClass': 'known',
  'service.noMatch': 'pod',
  'service.port': 'known',
}

/** Where a diagnosis has its sentences in the locale files. */
export const wordsOf = ({ cause, facts }: Pick<Diagnosis, 'cause' | 'facts'>): { title: string; so: string } => {
  const lacking = mayLack[cause]
  const isBare = lacking !== undefined && !facts[lacking]
  return { title: `diagnosis:causes.${cause}.title`, so: `diagnosis:causes.${cause}.${isBare ? 'soBare' : 'so'}` }
}
