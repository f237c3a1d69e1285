// One object, opened: why it is not ready, its Pods, its events; its YAML, its logs, a shell in it, and its end.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KubeObject } from '../../../electron/contract/cluster.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { StateShape, stateInk } from '../../parts/state-shape.tsx'
import { type Objects, objectsOf } from '../../state/objects.ts'
import { useAppState, useAttempt } from '../../state/use-state.ts'
import { HappeningList } from './happening-list.tsx'
import type { Happening } from './happenings.ts'
import { Logs, Yaml } from './object-text.tsx'
import { Removal } from './removal.tsx'
import { type PodRow, toRow } from './sheet.ts'
import { useLook } from './use-troubles.ts'
import { Life, Why } from './why.tsx'
import type { WorkloadRow } from './workloads.ts'
import './inspector.css'

const PodLine = ({ pod, onChoose }: { pod: PodRow; onChoose(uid: string): void }) => {
  const { t } = useTranslation('cluster')
  const where = [pod.node && t('pod.onNode', { node: pod.node }), pod.ip].filter(Boolean).join(' · ')
  return (
    <li className="choice">
      <StateShape state={pod.state} />
      <button type="button" onClick={() => onChoose(pod.uid)}>
        <code>{pod.name}</code>
      </button>
      <span className={pod.state === 'ready' ? 'faint' : stateInk(pod.state)}>{t(`pod.${pod.word}`)}</span>
      <span className="where faint num">
        {where}
        {pod.restarts > 0 ? ` · ${t('pod.restarts', { count: pod.restarts })}` : null}
      </span>
    </li>
  )
}

/** Facts of a Pod that nobody should have to look for in YAML. */
const PodFacts = ({ pod, object, onChoose }: { pod: PodRow; object: KubeObject; onChoose(uid: string): void }) => {
  const { t } = useTranslation('cluster')
  const { containers = [] } = (object.spec ?? {}) as { containers?: { name: string; image?: string }[] }
  const owner = object.metadata.ownerReferences?.[0]
  const facts: [string, ReactNode][] = [
    [t('detail.node'), pod.node],
    [t('detail.address'), pod.ip],
    ...containers.map(({ name, image }): [string, ReactNode] => [name, image]),
    [t('detail.owner'), owner && owner.kind !== 'Node' && `${owner.kind} ${owner.name}`],
  ]
  return (
    <dl className="pod-facts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value === (owner && `${owner.kind} ${owner.name}`) && owner ? (
                <button type="button" onClick={() => onChoose(owner.uid)}>
                  {value}
                </button>
              ) : (
                <code>{value}</code>
              )}
            </dd>
          </div>
        ))}
    </dl>
  )
}

interface InspectorProps {
  object: KubeObject
  objects: Objects
  /** Its line in the list of workloads, or that of what it belongs to. */
  row: WorkloadRow | undefined
  events: readonly Happening[]
  onChoose(uid: string | undefined): void
}

type Tab = 'about' | 'yaml' | 'logs'

const Overview = ({ object, row, events, onChoose }: InspectorProps) => {
  const { t } = useTranslation('cluster')
  const look = useLook(object.metadata.uid)
  const trouble = look?.trouble ?? undefined
  const isPod = object.kind === 'Pod'
  const isHead = row?.uid === object.metadata.uid
  const own = row?.pods.find(({ uid }) => uid === object.metadata.uid)
  const serving =
    row && isHead && row.ready > 0 && trouble ? t('detail.serving', { name: row.name, count: row.ready }) : undefined
  return (
    <>
      {trouble ? (
        <Why trouble={trouble} also={serving} />
      ) : (
        <>
          <h1>{object.metadata.name}</h1>
          <p className="so num">
            {row && isHead && !isPod
              ? (row.figure ?? t('detail.wants', { wanted: row.wanted, ready: row.ready }))
              : own
                ? t(`pod.${own.word}`)
                : null}
            {row && isHead && row.note && row.note !== 'idle'
              ? ` · ${t(`workload.${row.note}`, { count: row.pods.filter(pod => pod.state === 'leaving').length })}`
              : null}
          </p>
          {look && look.life.length > 0 ? <Life life={look.life} /> : null}
        </>
      )}
      {isPod && own ? <PodFacts pod={own} object={object} onChoose={onChoose} /> : null}
      {row && isHead && !isPod && !row.figure ? (
        <>
          <h2>{t('detail.pods')}</h2>
          {row.pods.length === 0 ? <p className="faint">{t('detail.noPods')}</p> : null}
          <ul className="pod-lines">
            {row.pods.map(pod => (
              <PodLine key={pod.uid} pod={pod} onChoose={onChoose} />
            ))}
          </ul>
        </>
      ) : null}
      <h2>{t('detail.events')}</h2>
      <HappeningList list={events} empty={t('detail.noEvents')} />
      <Removal object={object} onGone={() => onChoose(undefined)} />
    </>
  )
}

/** The Pod whose logs and shell are meant: itself, or the first of its Pods that runs. */
const podFor = ({ object, objects, row }: InspectorProps): KubeObject | undefined => {
  if (object.kind === 'Pod') return object
  if (row?.uid !== object.metadata.uid) return undefined
  const uid = (row.pods.find(({ state }) => state === 'ready') ?? row.pods[0])?.uid
  return objectsOf(objects, 'Pod').find(pod => pod.metadata.uid === uid)
}

const useTerminal = () => {
  const api = useApi()
  const attempt = useAttempt()
  const { terminals, view } = useAppState()
  return (pod: KubeObject, by: 'exec' | 'logs', container?: string) =>
    void attempt(async () => {
      const { name, namespace = 'default' } = pod.metadata
      view.setState({ isDockOpen: true })
      const terminal = await terminals.open({ title: name })
      if (terminal) await api.cluster.enter({ namespace, pod: name, by, terminal, ...(container && { container }) })
    })
}

export const Inspector = (props: InspectorProps) => {
  const { object, row, onChoose } = props
  const { t } = useTranslation('cluster')
  const [tab, setTab] = useState<Tab>('about')
  const place = useRef<HTMLDivElement>(null)
  const terminal = useTerminal()
  const pod = podFor(props)
  const state = object.kind === 'Pod' ? toRow(object).state : row?.uid === object.metadata.uid ? row.state : undefined
  // What was chosen is what the keyboard and a screen reader are at now.
  useEffect(() => place.current?.focus({ preventScroll: true }), [])
  const tabs = [
    { id: 'about' as const, text: t('detail.about') },
    { id: 'yaml' as const, text: t('detail.yaml') },
    ...(pod ? [{ id: 'logs' as const, text: t('detail.logs') }] : []),
  ]
  const shown = tabs.some(({ id }) => id === tab) ? tab : 'about'
  return (
    <div className="inspector" ref={place} tabIndex={-1}>
      <p className="question">
        {state ? <StateShape state={state} /> : null}
        <span>{object.kind}</span>
        <code>{object.metadata.name}</code>
        <span className="gap" />
        <Button look="ghost" square aria-label={t('detail.close')} onPress={() => onChoose(undefined)}>
          <Icon name="close" small />
        </Button>
      </p>
      <div className="inspector-tabs">
        <Segmented label={t('detail.show')} value={shown} onChange={setTab} choices={tabs} />
        <span className="gap" />
        {pod ? (
          <Button look="ghost" onPress={() => terminal(pod, 'exec')}>
            <Icon name="term" small />
            {t('detail.exec')}
          </Button>
        ) : null}
      </div>
      {shown === 'about' ? <Overview {...props} /> : null}
      {shown === 'yaml' ? <Yaml object={object} /> : null}
      {shown === 'logs' && pod ? <Logs pod={pod} onFollow={container => terminal(pod, 'logs', container)} /> : null}
    </div>
  )
}
