// Questions about oneself: the learner may do everything in this cluster.

import { readObject } from './body.ts'
import { type Exchange, sendObject } from './exchange.ts'

const answers: ReadonlyMap<string, { kind: string; status: object }> = new Map([
  ['authorization.k8s.io/v1/selfsubjectaccessreviews', { kind: 'SelfSubjectAccessReview', status: { allowed: true } }],
  [
    'authorization.k8s.io/v1/selfsubjectrulesreviews',
    {
      kind: 'SelfSubjectRulesReview',
      status: {
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      },
    },
  ],
  [
    'authentication.k8s.io/v1/selfsubjectreviews',
    {
      kind: 'SelfSubjectReview',
      status: { userInfo: { username: 'learner', groups: ['system:masters', 'system:authenticated'] } },
    },
  ],
])

/** Answers POST of a review; false where the path names none. */
export const review = async (exchange: Exchange): Promise<boolean> => {
  const [, group, version, plural, more] = exchange.path
  const answer = more === undefined ? answers.get(`${group}/${version}/${plural}`) : undefined
  if (!answer || exchange.method !== 'POST') return false
  const asked = await readObject(exchange)
  const { kind, status } = answer
  const spec = asked?.spec ? { spec: asked.spec } : {}
  sendObject(exchange, 201, { kind, apiVersion: `${group}/${version}`, metadata: { ...asked?.metadata }, ...spec, status })
  return true
}
