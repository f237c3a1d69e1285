// Troubles as people make them: what to apply, the object to ask about, the cause it must name, and what mends it.

import type { Cause } from '../../electron/contract/diagnosis.ts'

export interface Trouble {
  cause: Cause
  name: string
  /** Manifests, as a user would apply them. */
  apply: string
  /** `Kind/name` of what is asked about. */
  of: string
  /** Facts that must be told. */
  facts?: Record<string, string | number>
  /** A merge patch of that object, or manifests: afterwards nothing is wrong any more. */
  patch?: { of: string; body: object }
  mend?: string
}

const pod = (name: string, container: string, rest = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  terminationGracePeriodSeconds: 1
  containers: [{ name: main, ${container} }]
  ${rest}`

const deployment = (name: string, container: string, rest = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  ${rest}
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, ${container} }] }`

const image = 'image: "openresty/openresty:alpine"'
const sleeper = 'image: busybox, command: [sleep, "3600"]'
const setImage = (of: string) => ({
  of,
  body: { spec: { template: { spec: { containers: [{ name: 'main', image: 'openresty/openresty:alpine' }] } } } },
})

export const troubles: readonly Trouble[] = [
  {
    cause: 'image.notFound',
    name: 'a tag that does not exist',
    apply: deployment('web', 'image: "openresty/openresty:nosuch"'),
    of: 'Deployment/web',
    facts: { tag: 'nosuch', container: 'main' },
    patch: setImage('Deployment/web'),
  },
  {
    cause: 'image.denied',
    name: 'a repository that does not exist, or is private',
    apply: deployment('web', 'image: "somebody/no-such-repository:1"'),
    of: 'Deployment/web',
    patch: setImage('Deployment/web'),
  },
  {
    cause: 'image.unreachable',
    name: 'a registry that is not there',
    apply: deployment('web', 'image: "registry.does-not-exist.example/web:1"'),
    of: 'Deployment/web',
    patch: setImage('Deployment/web'),
  },
  {
    cause: 'image.invalidName',
    name: 'a name that is none',
    apply: deployment('web', 'image: "Open Resty"'),
    of: 'Deployment/web',
    patch: setImage('Deployment/web'),
  },
  {
    cause: 'image.neverPull',
    name: 'an image that must not be pulled and is not there',
    apply: deployment('web', 'image: "openresty/openresty:1.27.1.2-alpine", imagePullPolicy: Never'),
    of: 'Deployment/web',
    patch: {
      of: 'Deployment/web',
      body: {
        spec: {
          template: {
            spec: { containers: [{ name: 'main', image: 'openresty/openresty:alpine', imagePullPolicy: 'IfNotPresent' }] },
          },
        },
      },
    },
  },
  {
    cause: 'scheduling.resources',
    name: 'more CPU than any node has',
    apply: deployment('web', `${image}, resources: { requests: { cpu: "500" } }`),
    of: 'Deployment/web',
    facts: { resource: 'cpu' },
    patch: {
      of: 'Deployment/web',
      body: {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'main', image: 'openresty/openresty:alpine', resources: { requests: { cpu: '10m' } } }],
            },
          },
        },
      },
    },
  },
  {
    cause: 'scheduling.selector',
    name: 'a node label that no node has',
    apply: pod('web', image, 'nodeSelector: { disk: ssd }'),
    of: 'Pod/web',
    facts: { selector: 'disk=ssd' },
    patch: { of: 'Node/node1', body: { metadata: { labels: { disk: 'ssd' } } } },
  },
  {
    cause: 'scheduling.affinity',
    name: 'two that must not share a node, three times',
    apply: deployment('web', image, 'replicas: 3').replace(
      'spec: { containers',
      'spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: web } } }] } }, containers',
    ),
    of: 'Deployment/web',
    patch: { of: 'Deployment/web', body: { spec: { replicas: 2 } } },
  },
  {
    cause: 'scheduling.gated',
    name: 'a gate before scheduling',
    apply: pod('web', image, 'schedulingGates: [{ name: example.com/wait }]'),
    of: 'Pod/web',
    facts: { gates: 'example.com/wait' },
    patch: { of: 'Pod/web', body: { spec: { schedulingGates: null } } },
  },
  {
    cause: 'config.missing',
    name: 'a ConfigMap for the environment that is not there',
    apply: pod('web', `${sleeper}, envFrom: [{ configMapRef: { name: settings } }]`),
    of: 'Pod/web',
    facts: { kind: 'ConfigMap', name: 'settings' },
    mend: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { A: b }',
  },
  {
    cause: 'config.missing',
    name: 'a Secret for a volume that is not there',
    apply: pod(
      'web',
      `${sleeper}, volumeMounts: [{ name: keys, mountPath: /keys }]`,
      'volumes: [{ name: keys, secret: { secretName: keys } }]',
    ),
    of: 'Pod/web',
    facts: { kind: 'Secret', name: 'keys' },
    mend: 'apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\nstringData: { A: b }',
  },
  {
    cause: 'config.keyMissing',
    name: 'a key that the ConfigMap lacks',
    apply: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { other: b }\n---${pod('web', `${sleeper}, env: [{ name: URL, valueFrom: { configMapKeyRef: { name: settings, key: url } } }]`)}`,
    of: 'Pod/web',
    facts: { key: 'url', kind: 'ConfigMap' },
    patch: { of: 'ConfigMap/settings', body: { data: { url: 'here' } } },
  },
  {
    cause: 'claim.missing',
    name: 'a claim that is not there',
    apply: pod(
      'web',
      `${sleeper}, volumeMounts: [{ name: data, mountPath: /data }]`,
      'volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]',
    ),
    of: 'Pod/web',
    facts: { claim: 'data' },
    mend: 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }',
  },
  {
    cause: 'claim.noClass',
    name: 'a storage class that is not there',
    apply: `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\nspec: { storageClassName: golden, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }`,
    of: 'PersistentVolumeClaim/data',
    facts: { class: 'golden' },
    mend: 'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: golden }\nprovisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer',
  },
  {
    cause: 'claim.noVolume',
    name: 'no class wanted, and no volume made by hand',
    apply: `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\nspec: { storageClassName: "", accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }`,
    of: 'PersistentVolumeClaim/data',
    mend: 'apiVersion: v1\nkind: PersistentVolume\nmetadata: { name: by-hand }\nspec: { capacity: { storage: 1Gi }, accessModes: [ReadWriteOnce], hostPath: { path: /srv } }',
  },
  {
    cause: 'crash.exitCode',
    name: 'a program that fails',
    apply: deployment('web', 'image: busybox, command: [sh, -c, "echo no; exit 3"]'),
    of: 'Deployment/web',
    facts: { exitCode: 3 },
    patch: {
      of: 'Deployment/web',
      body: { spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox', command: ['sleep', '3600'] }] } } } },
    },
  },
  {
    cause: 'crash.exitsAtOnce',
    name: 'a program that is done and is started again and again',
    apply: deployment('web', 'image: busybox, command: [sh, -c, "echo done"]'),
    of: 'Deployment/web',
    facts: { exitCode: 0 },
    patch: {
      of: 'Deployment/web',
      body: { spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox', command: ['sleep', '3600'] }] } } } },
    },
  },
  {
    cause: 'crash.noCommand',
    name: 'a program that the image lacks',
    apply: deployment('web', 'image: busybox, command: [/no/such/program]'),
    of: 'Deployment/web',
    facts: { command: '/no/such/program' },
    patch: {
      of: 'Deployment/web',
      body: { spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox', command: ['sleep', '3600'] }] } } } },
    },
  },
  {
    cause: 'probe.readiness',
    name: 'a readiness probe at a port where nobody listens',
    apply: deployment('web', `${image}, readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }`),
    of: 'Deployment/web',
    facts: { probe: 'GET / :8080' },
    patch: {
      of: 'Deployment/web',
      body: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'main',
                  image: 'openresty/openresty:alpine',
                  readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 },
                },
              ],
            },
          },
        },
      },
    },
  },
  {
    cause: 'probe.liveness',
    name: 'a liveness probe that kills a healthy program',
    apply: deployment(
      'web',
      `${image}, livenessProbe: { exec: { command: [cat, /no/file] }, periodSeconds: 1, failureThreshold: 1 }`,
    ),
    of: 'Deployment/web',
    facts: { probe: 'cat /no/file' },
    patch: {
      of: 'Deployment/web',
      body: {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'main', image: 'openresty/openresty:alpine', livenessProbe: { exec: { command: ['true'] } } }],
            },
          },
        },
      },
    },
  },
  {
    cause: 'probe.startup',
    name: 'a startup probe that has not passed yet',
    apply: deployment(
      'web',
      `${image}, startupProbe: { exec: { command: [cat, /no/file] }, periodSeconds: 1, failureThreshold: 1000 }`,
    ),
    of: 'Deployment/web',
    facts: { probe: 'cat /no/file' },
    patch: {
      of: 'Deployment/web',
      body: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'main',
                  image: 'openresty/openresty:alpine',
                  startupProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
                },
              ],
            },
          },
        },
      },
    },
  },
  {
    cause: 'service.noMatch',
    name: 'a selector with a typing error',
    apply: `${deployment('web', image)}\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: wep }, ports: [{ port: 80 }] }`,
    of: 'Service/web',
    facts: { selector: 'app=wep', has: 'app=web' },
    patch: { of: 'Service/web', body: { spec: { selector: { app: 'web' } } } },
  },
  {
    cause: 'service.noneReady',
    name: 'Pods that are there and not ready',
    apply: `${deployment('web', `${image}, readinessProbe: { exec: { command: [cat, /no/file] }, periodSeconds: 1 }`)}\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }`,
    of: 'Service/web',
    facts: { count: 1 },
    patch: {
      of: 'Deployment/web',
      body: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'main',
                  image: 'openresty/openresty:alpine',
                  readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
                },
              ],
            },
          },
        },
      },
    },
  },
  {
    cause: 'service.port',
    name: 'a port by a name that no container has',
    apply: `${deployment('web', `${image}, ports: [{ name: http, containerPort: 80 }]`)}\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: web }] }`,
    of: 'Service/web',
    facts: { port: 'web', known: 'http' },
    patch: { of: 'Service/web', body: { spec: { ports: [{ port: 80, targetPort: 'http' }] } } },
  },
  {
    cause: 'quota.exceeded',
    name: 'more Pods than the quota allows',
    apply: `apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: small }\nspec: { hard: { pods: "1" } }\n---${deployment('web', image, 'replicas: 3')}`,
    of: 'Deployment/web',
    facts: { quota: 'small', limited: 'pods=1' },
    patch: { of: 'Deployment/web', body: { spec: { replicas: 1 } } },
  },
  {
    cause: 'create.forbidden',
    name: 'a service account that is not there',
    apply: deployment('web', image).replace('spec: { containers', 'spec: { serviceAccountName: robot, containers'),
    of: 'Deployment/web',
    mend: 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: robot }',
  },
  {
    cause: 'rollout.paused',
    name: 'a rollout that was paused and forgotten',
    apply: deployment('web', image, 'paused: true\n  replicas: 2'),
    of: 'Deployment/web',
    patch: { of: 'Deployment/web', body: { spec: { paused: false } } },
  },
  {
    cause: 'job.failed',
    name: 'a Job that gave up',
    apply:
      'apiVersion: batch/v1\nkind: Job\nmetadata: { name: once }\nspec: { backoffLimit: 0, template: { spec: { restartPolicy: Never, containers: [{ name: main, image: busybox, command: [sh, -c, "exit 1"] }] } } }',
    of: 'Job/once',
    facts: { reason: 'BackoffLimitExceeded' },
  },
  {
    cause: 'autoscaler.noRequests',
    name: 'an autoscaler on Pods that ask for nothing',
    apply: `${deployment('web', image)}\n---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\nspec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, maxReplicas: 2, metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }] }`,
    of: 'HorizontalPodAutoscaler/web',
    facts: { target: 'deployment/web' },
    patch: {
      of: 'Deployment/web',
      body: {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'main', image: 'openresty/openresty:alpine', resources: { requests: { cpu: '10m' } } }],
            },
          },
        },
      },
    },
  },
  {
    cause: 'deletion.finalizer',
    name: 'a finalizer that nobody serves',
    apply: pod('web', sleeper).replace('name: web,', 'name: web, finalizers: [example.com/hold],'),
    of: 'Pod/web',
    facts: { finalizers: 'example.com/hold' },
    patch: { of: 'Pod/web', body: { metadata: { finalizers: null } } },
  },
]
