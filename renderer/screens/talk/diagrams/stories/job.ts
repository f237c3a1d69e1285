// The story of a CronJob: its time comes, it writes a Job; the first Pod fails, the second ends well; a minute later, the next.

import { tell, type Write } from '../story.ts'

const cronJob = 'CronJob/clock'
type Name = `Job/${string}`
const [first, second] = ['Job/clock-29741280', 'Job/clock-29741281'] as const satisfies readonly Name[]

const job = (object: Name, by: Write['by'], deed: Write['deed'], status: object = {}): Write => ({
  by,
  deed,
  object,
  owner: cronJob,
  fields: { spec: { completions: 1 }, status },
})
const pod = (end: string, owner: Name, by: Write['by'], deed: Write['deed'], status?: object): Write => ({
  by,
  deed,
  object: `Pod/${owner.slice('Job/'.length)}-${end}`,
  owner,
  ...(status && { fields: { status } }),
})
const complete = { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] }

export const jobStory = tell(
  [
    { after: 0, writes: [job(first, 'cronjob-controller', 'created')] },
    { after: 50, writes: [pod('q7fzn', first, 'job-controller', 'created')] },
    { after: 1500, writes: [pod('q7fzn', first, 'kubelet', 'finished', { phase: 'Failed' })] },
    { after: 1000, writes: [pod('m4cxd', first, 'job-controller', 'created')] },
    { after: 900, writes: [pod('m4cxd', first, 'kubelet', 'started')] },
    { after: 1500, writes: [pod('m4cxd', first, 'kubelet', 'finished')] },
    { after: 50, writes: [job(first, 'job-controller', 'told', complete)] },
    { after: 6000, writes: [job(second, 'cronjob-controller', 'created')] },
    { after: 50, writes: [pod('t2vkb', second, 'job-controller', 'created')] },
    { after: 2000, writes: [pod('t2vkb', second, 'kubelet', 'finished')] },
    { after: 50, writes: [job(second, 'job-controller', 'told', complete)] },
  ],
  { step: 3, hop: 0 },
  [{ by: 'kubectl', deed: 'created', object: cronJob, fields: { spec: { schedule: '* * * * *' } } }],
)
