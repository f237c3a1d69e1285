// Requests that nobody should send, drawn from a seed: paths, queries, bodies and patches, some of them broken byte by byte.

export interface Wild {
  method: string
  path: string
  type: string
  body: Uint8Array
}

const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'OPTIONS', 'HEAD']
const bases = [
  ...['pods', 'services', 'configmaps', 'secrets', 'endpoints', 'events', 'serviceaccounts', 'persistentvolumeclaims'].map(
    kind => `/api/v1/namespaces/default/${kind}`,
  ),
  '/apis/apps/v1/namespaces/default/deployments',
  '/apis/apps/v1/namespaces/default/replicasets',
  '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
  '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/api/v1/pods',
  '/api/v1/namespaces',
  '/openapi/v2',
  '/openapi/v3',
  '/apis',
]
/** So many of them, from the first, hold objects that can be made by name. */
const likelyBases = 10
const ends = [
  '',
  '/f0',
  '/f1',
  '/f2',
  '/f3/status',
  '/f0/scale',
  '/f1/binding',
  '/f2/eviction',
  '/f3/log',
  '/f0/exec',
  '/..',
  '/%00',
]
const queries = [
  '',
  '',
  'dryRun=All',
  'fieldManager=f&force=true',
  'fieldValidation=Strict',
  'limit=-1',
  'limit=3',
  'continue=eyJ2Ijo',
  'labelSelector=%28%28',
  'labelSelector=a%20in%20(b,c),!d,e!=f',
  'labelSelector=a%20notin%20(',
  'fieldSelector=%3D',
  'fieldSelector=metadata.name%3Df0,status.phase!%3DRunning',
  'resourceVersion=99999999999',
  'resourceVersion=x&resourceVersionMatch=Exact',
  'watch=1&timeoutSeconds=1&resourceVersion=1',
  'watch=1&resourceVersion=-1',
  'pretty=true&includeObject=Nonsense',
  'gracePeriodSeconds=-5&propagationPolicy=Sideways',
]
const types = [
  'application/json',
  'application/json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/json-patch+json',
  'application/apply-patch+yaml',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'text/html',
]
const keys =
  'metadata spec status name namespace labels annotations containers initContainers template selector data binaryData ports replicas matchLabels finalizers ownerReferences managedFields generateName $patch $retainKeys $setElementOrder/containers $deleteFromPrimitiveList/finalizers matchExpressions strategy rollingUpdate maxSurge volumes env kind apiVersion limits resources image command __proto__ constructor op path value from type'.split(
    ' ',
  )
const values: unknown[] = [
  'x',
  'f0',
  7,
  -1,
  1.5,
  1e30,
  null,
  true,
  [],
  {},
  [null],
  { a: null },
  '\u0000',
  'é'.repeat(300),
  'x'.repeat(20_000),
  '../../etc',
  '/spec/replicas',
  '/metadata/labels/-',
  'add',
  'remove',
  'test',
  '50%',
  '9'.repeat(40),
  { $patch: 'delete' },
  [{ $patch: 'replace' }],
]

/** Draws requests; `random` gives 0 to 1. */
export const createGenerator = (random: () => number): (() => Wild) => {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const value = (depth: number): unknown => {
    if (depth === 0 || random() < 0.15) return pick(values)
    if (random() < 0.25) return Array.from({ length: 3 }, () => value(depth - 1))
    return Object.fromEntries(Array.from({ length: 4 }, () => [pick(keys), value(depth - 1)]))
  }
  const operation = () => ({
    op: pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']),
    path: `/${pick(keys)}/${pick(keys)}`,
    value: value(1),
    from: `/${pick(keys)}`,
  })
  /** Near enough to a sound object to get past the first checks. */
  const object = () => {
    const name = pick(['f0', 'f1', 'f2', 'f3'])
    const pod = {
      containers: [{ name: 'c', image: pick(['busybox', 'nosuch:1']), [pick(keys)]: value(1) }],
      [pick(keys)]: value(2),
    }
    const template = { metadata: { labels: { a: 'b' } }, spec: pod }
    const spec = pick<unknown>([
      pod,
      { replicas: pick([0, 1, -1, '2']), selector: { matchLabels: { a: 'b' } }, template },
      { ports: [{ port: pick([80, 0, 99_999, 'http']) }], selector: { a: 'b' } },
    ])
    return { metadata: { name, [pick(keys)]: value(1) }, spec, [pick(keys)]: value(2) }
  }
  /** Sound for several kinds at once. */
  const plain = () => ({
    metadata: { name: pick(['f0', 'f1', 'f2', 'f3']), labels: { a: 'b' } },
    spec: {
      replicas: 1,
      selector: pick<unknown>([{ matchLabels: { a: 'b' } }, { a: 'b' }]),
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'busybox' }] } },
      containers: [{ name: 'c', image: 'busybox' }],
      ports: [{ port: 80 }],
    },
  })
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))
  const body = (type: string): Buffer => {
    if (type.includes('protobuf')) {
      const envelope = Buffer.from('0a0b0a027631120550 6f6400'.replace(' ', ''), 'hex')
      return Buffer.concat([Buffer.from('k8s\0'), random() < 0.5 ? envelope : Buffer.alloc(0), noise(Math.floor(random() * 80))])
    }
    if (random() < 0.002) return Buffer.from(`{"data":{"a":"${'x'.repeat(1_500_000)}"}}`)
    if (random() < 0.01) return Buffer.from('{"a":'.repeat(3000))
    const made = type.includes('json-patch') ? Array.from({ length: 3 }, operation) : random() < 0.5 ? object() : value(4)
    return Buffer.from(JSON.stringify(made))
  }
  /** Where the server looks closest: objects made under known names, and changes to them. */
  const likely = (): Wild => {
    const base = pick(bases.slice(0, likelyBases))
    const made = Buffer.from(JSON.stringify(random() < 0.5 ? plain() : object()))
    if (random() < 0.3) return { method: 'POST', path: base, type: 'application/json', body: made }
    const path = `${base}/${pick(['f0', 'f1', 'f2', 'f3'])}${pick(['', '', '', '/status', '/scale'])}`
    const type = pick(types.filter(each => /patch/.test(each)))
    if (random() < 0.1) return { method: pick(['PUT', 'DELETE', 'GET']), path, type: 'application/json', body: made }
    return { method: 'PATCH', path: `${path}?fieldManager=${pick(['a', 'b'])}`, type, body: body(type) }
  }
  return () => {
    if (random() < 0.5) return likely()
    const type = pick(types)
    const bytes = body(type)
    for (let left = random() < 0.2 ? 3 : 0; left > 0 && bytes.length > 0; left--)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    const query = pick(queries)
    return { method: pick(methods), path: `${pick(bases)}${pick(ends)}${query && `?${query}`}`, type, body: bytes }
  }
}
