// The story of an Ingress: one host, two paths, two Services; a new rule is a new way, and a Service without ready Pods is a dead end.

import { type Fields, tell, type Write } from '../story.ts'

const object = 'Ingress/hello'
const rules = (...ways: [path: string, service: string][]): Fields => ({
  spec: {
    rules: [
      {
        host: 'hello.example',
        http: { paths: ways.map(([path, name]) => ({ path, backend: { service: { name, port: { number: 80 } } } })) },
      },
    ],
  },
  status: { loadBalancer: { ingress: [{ ip: '10.64.140.43' }] } },
})
const service = (name: string): Write => ({ by: 'kubectl', deed: 'created', object: `Service/${name}` })
/** Who stands on a Service's list, and whether they are ready. */
const list = (name: string, deed: Write['deed'], ready: readonly boolean[]): Write => ({
  by: 'endpointslice-controller',
  deed,
  object: `EndpointSlice/${name}-x`,
  owner: `Service/${name}`,
  fields: {
    labels: { 'kubernetes.io/service-name': name },
    rest: {
      ports: [{ port: 80 }],
      endpoints: ready.map((isReady, index) => ({ addresses: [`10.1.77.${index + 5}`], conditions: { ready: isReady } })),
    },
  },
})

export const ingressStory = tell(
  [
    { after: 0, writes: [{ by: 'kubectl', deed: 'created', object, fields: rules(['/', 'web'], ['/count', 'counter']) }] },
    {
      after: 5000,
      writes: [
        { by: 'kubectl', deed: 'changed', object, fields: rules(['/', 'web'], ['/count', 'counter'], ['/admin', 'admin']) },
      ],
    },
    { after: 5000, writes: [list('counter', 'changed', [false])] },
    { after: 4000, writes: [list('counter', 'changed', [true])] },
  ],
  { step: 1, hop: 1 },
  [
    ...['web', 'counter', 'admin'].map(service),
    list('web', 'created', [true, true, true]),
    list('counter', 'created', [true]),
    list('admin', 'created', [true]),
  ],
)
