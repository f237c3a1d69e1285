// Writes electron/practice/api/schema/*.ts, the practice cluster's field tables, from the Go types of k8s.io/api.
// Usage: node build/schema.ts FOLDER, where FOLDER holds k8s.io/api and k8s.io/apimachinery as `api` and `apimachinery`
// (Debian's golang-k8s-api-dev and golang-k8s-apimachinery-dev unpack to such a folder). The tables' grammar is told in table.ts.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const source = process.argv[2]
if (!source) throw new Error('usage: node build/schema.ts FOLDER')

/** Package name in the tables: its folder, and the kinds from which everything needed is reached. */
const packages: Record<string, { folder: string; roots: string }> = {
  meta: { folder: 'apimachinery/pkg/apis/meta/v1', roots: 'DeleteOptions Status ObjectMeta' },
  core: {
    folder: 'api/core/v1',
    roots: `Pod Namespace Node ConfigMap Secret ServiceAccount Service Endpoints Event Binding PersistentVolume PersistentVolumeClaim
      ReplicationController PodTemplate LimitRange ResourceQuota`,
  },
  apps: { folder: 'api/apps/v1', roots: 'Deployment ReplicaSet StatefulSet DaemonSet ControllerRevision' },
  authentication: { folder: 'api/authentication/v1', roots: 'TokenRequest SelfSubjectReview' },
  authorization: { folder: 'api/authorization/v1', roots: 'SelfSubjectAccessReview SubjectAccessReview SelfSubjectRulesReview' },
  autoscaling: { folder: 'api/autoscaling/v1', roots: 'Scale HorizontalPodAutoscaler' },
  autoscaling2: { folder: 'api/autoscaling/v2', roots: 'HorizontalPodAutoscaler' },
  batch: { folder: 'api/batch/v1', roots: 'Job CronJob' },
  coordination: { folder: 'api/coordination/v1', roots: 'Lease' },
  discovery: { folder: 'api/discovery/v1', roots: 'EndpointSlice' },
  events: { folder: 'api/events/v1', roots: 'Event' },
  networking: { folder: 'api/networking/v1', roots: 'Ingress IngressClass NetworkPolicy' },
  policy: { folder: 'api/policy/v1', roots: 'Eviction PodDisruptionBudget' },
  rbac: { folder: 'api/rbac/v1', roots: 'Role RoleBinding ClusterRole ClusterRoleBinding' },
  scheduling: { folder: 'api/scheduling/v1', roots: 'PriorityClass' },
  storage: { folder: 'api/storage/v1', roots: 'StorageClass VolumeAttachment CSINode' },
}
const known: Record<string, string> = {
  string: 's',
  int: 'l',
  int32: 'i',
  int64: 'l',
  uint32: 'i',
  bool: 'b',
  float64: 'f',
  byte: 'y',
  'types.UID': 's',
  'types.NodeName': 's',
  'resource.Quantity': 'Quantity',
  'intstr.IntOrString': 'IntOrString',
  'runtime.RawExtension': 'Raw',
  'runtime.Object': 'Raw',
  'meta.Time': 'Time',
  'meta.MicroTime': 'MicroTime',
  'meta.Duration': 'Duration',
  'meta.FieldsV1': 'Raw',
  'authorization.ExtraValue': 'Raw',
  'authentication.ExtraValue': 'Raw',
}
const imports: Record<string, string> = {
  metav1: 'meta',
  v1: 'core',
  corev1: 'core',
  apiv1: 'core',
  authenticationv1: 'authentication',
}

interface Field {
  text: string
  refers?: string
}
const structs = new Map<string, Field[]>()
const aliases = new Map<string, string>()
const atomic = new Set<string>()

const qualify = (type: string, home: string): string => {
  if (known[type]) return type
  const [left, right] = type.split('.')
  return right ? `${imports[left!] ?? left}.${right}` : /^[A-Z]/.test(type) ? `${home}.${type}` : type
}

const describe = (type: string, home: string): { text: string; refers?: string } => {
  if (type.startsWith('*')) {
    const inner = describe(type.slice(1), home)
    return { ...inner, text: `*${inner.text}` }
  }
  if (type === '[]byte') return { text: 'y' }
  const list = type.startsWith('[]') ? type.slice(2) : undefined
  if (list) {
    const inner = describe(list, home)
    return { ...inner, text: `[]${inner.text}` }
  }
  const map = /^map\[[\w.]+\](.+)$/.exec(type)
  if (map) {
    const inner = describe(map[1]!, home)
    return { ...inner, text: `{}${inner.text}` }
  }
  const full = qualify(type, home)
  if (known[full]) return { text: known[full] }
  const alias = aliases.get(full)
  if (alias) return describe(alias, full.split('.')[0]!)
  return { text: full.startsWith(`${home}.`) ? full.slice(home.length + 1) : full, refers: full }
}

const parse = (name: string, text: string, pass: 'aliases' | 'structs') => {
  if (pass === 'aliases') {
    for (const [, type, base] of text.matchAll(/^type (\w+) ((?:\[\]|map\[)?[\w.\]]+)(?: |$)/gm)) {
      if (base !== 'struct' && base !== 'interface') aliases.set(`${name}.${type}`, base!)
    }
    return
  }
  for (const [, above, type, body] of text.matchAll(/^((?:\/\/.*\n)*)type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    if (/\+structType=atomic/.test(above!)) atomic.add(`${name}.${type}`)
    let marks = ''
    const fields: Field[] = []
    for (const line of body!.split('\n').map(each => each.trim())) {
      if (line.startsWith('//')) marks += `${line}\n`
      const field = /^(?:(\w+)\s+)?([^\s`]+)\s+`(.*)`/.exec(line)
      if (!field) continue
      const [, , go, tags] = field
      const json = /json:"([^",]*)/.exec(tags!)?.[1] ?? ''
      const number = /protobuf:"\w+,(\d+)/.exec(tags!)?.[1]
      const inline = tags!.includes(',inline')
      if ((number || inline) && !go!.endsWith('TypeMeta')) {
        const { text: shape, refers } = describe(go!, name)
        const merge = /patchMergeKey:"(\w+)"/.exec(tags!)?.[1] ?? ''
        const strategy = /patchStrategy:"([\w,]+)"/.exec(tags!)?.[1] ?? ''
        const listKeys = [...marks.matchAll(/\+listMapKey=(\w+)/g)].map(found => found[1]).join(',')
        const listed = listKeys ? `#${listKeys}` : /\+listType=set/.test(marks) ? '#' : ''
        const whole = /\+(mapType|structType)=atomic/.test(marks) ? '@' : ''
        const merging = strategy.includes('merge') ? `~${merge}` : ''
        const retained = strategy.includes('retainKeys') ? '!' : ''
        const key = inline ? '' : json
        const token = `${key}=${number ?? 0}${shape}${merging}${retained}${listed}${whole}`
        fields.push(refers ? { text: token, refers } : { text: token })
      }
      marks = ''
    }
    structs.set(`${name}.${type}`, fields)
  }
}

const files = Object.entries(packages).flatMap(([name, { folder }]) =>
  readdirSync(join(source, folder))
    .filter(file => /^(well_known_)?.*types.*\.go$/.test(file) && !file.endsWith('_test.go'))
    .map(file => ({ name, text: readFileSync(join(source, folder, file), 'utf8') })),
)
for (const pass of ['aliases', 'structs'] as const) for (const { name, text } of files) parse(name, text, pass)

const reached = new Set<string>()
const reach = (type: string) => {
  if (reached.has(type)) return
  const fields = structs.get(type)
  if (!fields) throw new Error(`no such type: ${type}`)
  reached.add(type)
  for (const { refers } of fields) if (refers) reach(refers)
}
for (const [name, { roots }] of Object.entries(packages)) for (const root of roots.split(/\s+/)) reach(`${name}.${root}`)

const written = ({ text, refers }: Field): string => (refers && atomic.has(refers) && !/[@[{]/.test(text) ? `${text}@` : text)

for (const name of Object.keys(packages)) {
  const lines = [...reached]
    .filter(type => type.startsWith(`${name}.`))
    .sort()
    .map(type => `${type.slice(name.length + 1)} ${structs.get(type)!.map(written).join(' ')}`.trim())
  const text = `// Fields of ${packages[name]!.folder.replace('api/', 'k8s.io/api/').replace('apimachinery/', 'k8s.io/apimachinery/')}, written by build/schema.ts; table.ts tells how to read them.\n\nexport const ${name} = \`\n${lines.join('\n')}\n\`\n`
  writeFileSync(`electron/practice/api/schema/${name}.ts`, text)
  console.log(name, lines.length)
}
