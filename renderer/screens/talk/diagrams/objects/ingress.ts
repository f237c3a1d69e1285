// An Ingress: one door, and rules that read host and path to choose a Service.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import type { Journey } from '../../../../../electron/contract/trace.ts'
import type { Diagram, Words } from '../diagram.ts'
import { bent, type Place } from '../drawing.ts'
import { type Route, routeOf } from '../route.ts'
import { ingressStory } from '../stories/ingress.ts'
import { cast, ground, stage } from './cast.ts'
import { cutTo, fieldsOf, mostTelling, ofKind, uidsOf } from './reading.ts'
import { entriesOf, slicesOf } from './service.ts'

interface Backend {
  service?: { name: string; port?: { number?: number; name?: string } }
}
interface IngressFields {
  spec: {
    defaultBackend?: Backend
    rules?: { host?: string; http?: { paths: { path?: string; backend: Backend }[] } }[]
  }
  status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
}

interface Rule {
  /** `hello.example/count`; `*` stands for every host. */
  matches: string
  service: string
}

/** Each path of each host, and what catches the rest. */
export const rulesOf = (ingress: KubeObject | undefined): Rule[] => {
  const { spec } = fieldsOf<IngressFields>(ingress)
  const rules = (spec?.rules ?? []).flatMap(({ host = '*', http }) =>
    (http?.paths ?? []).map(({ path = '/', backend }) => ({ matches: `${host}${path}`, service: backend.service?.name ?? '' })),
  )
  const rest = spec?.defaultBackend?.service?.name
  return rest === undefined ? rules : [...rules, { matches: '*', service: rest }]
}

const mostRules = 4
const browser = { x: 0, width: 140, height: 72 }
const door = { x: 190, y: ground, width: 424, height: stage.height - ground }
const services = { x: 700, width: stage.width - 700, height: 66 }
const row = { height: 66, step: 78 }
const firstRow = door.y + 78
const rowMiddle = (index: number) => firstRow + index * row.step + row.height / 2
const middle = (rowMiddle(0) + rowMiddle(mostRules - 1)) / 2

const isServed = (objects: readonly KubeObject[], service: KubeObject | undefined): number =>
  entriesOf(objects, service).filter(({ isReady }) => isReady).length

const rulePlace = (rule: Rule | undefined, index: number, t: Words): Place => ({
  id: `rule/${index}`,
  part: 'ingress-rule',
  shape: 'row',
  x: door.x + 16,
  y: firstRow + index * row.step,
  width: door.width - 32,
  height: row.height,
  label: rule ? cutTo(rule.matches, door.width - 76) : t('object.noRule'),
  isAbsent: !rule,
})

/** Where it is drawn, the controller hears of the lists too: it sends its visitors to Pods, past the Service's address. */
const wayOf = (journey: Journey): Route =>
  journey.kind === 'EndpointSlice'
    ? [
        [{ from: journey.by, to: { role: 'kube-apiserver' } }],
        [{ from: { role: 'kube-apiserver' }, to: { role: 'ingress-controller' } }],
      ]
    : routeOf(journey)

export const ingress: Diagram = {
  label: t => t('diagram.ingress'),
  story: ingressStory,
  route: wayOf,
  isIn: ({ objects }) => ofKind(objects, 'Ingress').length > 0,
  draw: ({ objects }, t) => {
    const shown = mostTelling(ofKind(objects, 'Ingress'))
    const all = rulesOf(shown)
    const rules = all.slice(0, mostRules)
    const names = [...new Set(rules.map(({ service }) => service))]
    const serviceOf = (name: string) =>
      ofKind(objects, 'Service').find(
        ({ metadata }) => metadata.name === name && metadata.namespace === shown?.metadata.namespace,
      )
    const backends = names.map(name => ({ name, service: serviceOf(name), ready: isServed(objects, serviceOf(name)) }))
    const backendY = (index: number) => middle - (backends.length * 104 - 38) / 2 + index * 104
    const address = fieldsOf<IngressFields>(shown).status?.loadBalancer?.ingress?.[0]
    const { places, wires } = cast(['kubectl', 'ingress-controller', 'endpointslice-controller'], t)
    const more = all.length - mostRules
    return {
      ...stage,
      wires,
      places: [
        ...places,
        { id: 'browser', part: 'browser', ...browser, y: middle - browser.height / 2 },
        {
          id: 'ingress',
          part: 'ingress',
          shape: 'frame',
          ...door,
          note: [cutTo(shown?.metadata.name ?? '', 150), address?.ip ?? address?.hostname ?? t('object.noDoor')].join(' · '),
          isAbsent: !shown,
        },
        ...(rules.length > 0 ? rules : [undefined]).map((rule, index) => rulePlace(rule, index, t)),
        ...backends.map(
          ({ name, service, ready }, index): Place => ({
            id: `service/${index}`,
            part: 'service',
            shape: 'row',
            ...services,
            y: backendY(index),
            label: cutTo(name, 140),
            note: t('object.count', { count: ready }),
            state: ready > 0 ? 'ready' : 'pending',
            isAbsent: !service,
          }),
        ),
      ],
      ties: [
        bent('flows', [browser.width, middle], [door.x, middle]),
        ...rules.map(({ service }, index) => {
          const to = names.indexOf(service)
          // Each bends at a place of its own, so that crossing lines can be told apart.
          const at = 0.3 + 0.14 * to
          const y = backendY(to) + services.height / 2
          return bent(backends[to]?.ready ? 'flows' : 'limit', [door.x + door.width - 16, rowMiddle(index)], [services.x, y], at)
        }),
      ],
      words: more > 0 ? [{ x: door.x + 24, y: stage.height - 12, text: t('object.more', { count: more }), look: 'note' }] : [],
      of: uidsOf(shown, ...backends.flatMap(({ service }) => [service, ...slicesOf(objects, service)])),
    }
  },
}
