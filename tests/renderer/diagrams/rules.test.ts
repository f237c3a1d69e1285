// What kube-proxy is said to have done last: only what really changes its rules.

import { expect, test } from 'vitest'
import { lastRuled } from '../../../renderer/screens/talk/diagrams/rules.ts'
import { helloStory } from '../../../renderer/screens/talk/diagrams/stories/hello.ts'
import { tell, toldBy, type Write } from '../../../renderer/screens/talk/diagrams/story.ts'
import { toldObjects } from '../../../renderer/screens/talk/diagrams/told-objects.ts'

const after = (...writes: Write[]) => {
  const told = tell([{ after: 0, writes }]).steps.flat()
  const last = lastRuled(told, toldObjects(told))
  return last && `${last.kind}/${last.name} ${last.deed}`
}
const service = (deed: Write['deed'], spec: object = {}): Write => ({
  by: 'kubectl',
  deed,
  object: 'Service/web',
  fields: { spec },
})
const slice = (deed: Write['deed']): Write => ({
  by: 'endpointslice-controller',
  deed,
  object: 'EndpointSlice/web-t5v88',
  owner: 'Service/web',
})
const pod: Write = { by: 'kubectl', deed: 'created', object: 'Pod/a' }

test.each<[string, string | undefined, Write[]]>([
  ['nothing was written', undefined, []],
  ['a Pod alone', undefined, [pod]],
  ['a Service, and then a Pod', 'Service/web created', [service('created'), pod]],
  ['its list', 'EndpointSlice/web-t5v88 changed', [service('created'), slice('created'), slice('changed')]],
  ['only its status', 'Service/web created', [service('created'), service('told')]],
  ['a Service that is leaving, and gone', 'Service/web gone', [service('created'), service('leaving'), service('gone')]],
  ['a headless Service and its list', undefined, [service('created', { clusterIP: 'None' }), slice('created')]],
  ['a Service that is a name for another', undefined, [service('created', { type: 'ExternalName' })]],
])('%s: %s', (_what, ruled, writes) => {
  expect(after(...writes)).toBe(ruled)
})

test('the story of kubectl apply: first the Service that was there, then each list', () => {
  const ruledBy = (step: number) => {
    const told = toldBy(helloStory, step)
    const last = lastRuled(told, toldObjects(told))
    return last && `${last.deed} ${last.name}`
  }
  expect([ruledBy(0), ruledBy(5), ruledBy(6)]).toEqual(['created hello-t5v88', 'created hello-t5v88', 'changed hello-t5v88'])
})
