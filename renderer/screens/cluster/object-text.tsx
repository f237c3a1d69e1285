// An object as YAML, and a Pod's last log lines: both as they are now.

import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Kind, KubeObject } from '../../../electron/contract/cluster.ts'
import { type AppError, toAppError } from '../../../electron/contract/errors.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { inkOf } from '../labs/manifest.ts'

/** Log lines are asked for again so often; the terminal follows without a gap. */
const againMs = 1500
const tail = 300

type Told = { text?: string; error?: AppError }

/** Asks now and whenever `when` changes; a late answer to an earlier question is dropped. */
const useText = (ask: (when: string | number) => Promise<{ text: string }>, when: string | number): Told => {
  const [told, setTold] = useState<Told>({})
  useEffect(() => {
    let isGone = false
    ask(when).then(
      ({ text }) => isGone || setTold({ text }),
      fault => isGone || setTold({ error: toAppError(fault) }),
    )
    return () => {
      isGone = true
    }
  }, [ask, when])
  return told
}

export const Yaml = ({ object }: { object: KubeObject }) => {
  const { t } = useTranslation('cluster')
  const api = useApi()
  const { kind, metadata } = object
  const { namespace, name, resourceVersion } = metadata
  const ask = useCallback(() => api.cluster.yaml({ kind: kind as Kind, namespace, name }), [api, kind, namespace, name])
  const { text, error } = useText(ask, resourceVersion)
  if (error) return <ErrorPanel error={error.toWire()} />
  let line = 0
  return (
    <section className="object-text" aria-label={t('detail.yaml')}>
      <pre>
        {(text ?? '').split('\n').map(words => {
          const ink = inkOf(words)
          line += 1
          return (
            <span key={line}>
              {ink.lead}
              <b>{ink.key}</b>
              {ink.rest}
              {'\n'}
            </span>
          )
        })}
      </pre>
    </section>
  )
}

const containersOf = (pod: KubeObject): string[] => {
  const { initContainers = [], containers = [] } = (pod.spec ?? {}) as Record<string, { name: string }[]>
  return [...containers, ...initContainers].map(({ name }) => name)
}

export const Logs = ({ pod, onFollow }: { pod: KubeObject; onFollow(container: string): void }) => {
  const { t } = useTranslation('cluster')
  const api = useApi()
  const names = containersOf(pod)
  const [chosen, setChosen] = useState<string>()
  const [round, setRound] = useState(0)
  const container = names.find(name => name === chosen) ?? names[0] ?? ''
  const { name, namespace = '' } = pod.metadata
  useEffect(() => {
    const timer = setInterval(() => setRound(count => count + 1), againMs)
    return () => clearInterval(timer)
  }, [])
  const ask = useCallback(() => api.cluster.logs({ namespace, pod: name, container, tail }), [api, namespace, name, container])
  const { text, error } = useText(ask, round)
  return (
    <section className="object-text" aria-label={t('detail.logs')}>
      <p className="object-of">
        <code>{name}</code>
        <span className="gap" />
        <Button look="ghost" onPress={() => onFollow(container)}>
          <Icon name="term" small />
          {t('detail.follow')}
        </Button>
      </p>
      {names.length > 1 ? (
        <Segmented
          label={t('detail.container')}
          value={container}
          onChange={setChosen}
          choices={names.map(id => ({ id, text: id }))}
        />
      ) : null}
      {error ? <ErrorPanel error={error.toWire()} /> : null}
      {error ? null : text === '' ? <p className="faint">{t('detail.noLogs')}</p> : <pre>{text}</pre>}
    </section>
  )
}
