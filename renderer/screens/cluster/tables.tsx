// The sheet's tables: nodes, workloads, Services.

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { StateShape, stateInk } from '../../parts/state-shape.tsx'
import { hrefOf } from '../../state/route.ts'
import type { ServiceRow } from './services.ts'
import type { NodeRow, PodRow, WorkloadRow } from './sheet.ts'

/** More discs than these say no more. */
const discs = 24

const Discs = ({ pods }: { pods: readonly PodRow[] }) => {
  const { t } = useTranslation('cluster')
  const hidden = pods.length - discs
  return (
    <td className="discs">
      {hidden > 0 ? <span className="faint small">{t('more', { count: hidden })}</span> : null}
      {pods.slice(0, discs).map(({ uid, name, state, word }) => (
        <StateShape key={uid} state={state} label={`${name} ${t(`pod.${word}`)}`} />
      ))}
    </td>
  )
}

const Name = ({ name, namespace, children }: { name: string; namespace?: string; children: ReactNode }) => (
  <td>
    {children}
    <b>{name}</b>
    {namespace && namespace !== 'default' ? <span className="faint small namespace">{namespace}</span> : null}
  </td>
)

export const NodeTable = ({ rows }: { rows: readonly NodeRow[] }) => {
  const { t } = useTranslation('cluster')
  const say = ({ pods, isCordoned }: NodeRow): string => {
    const unready = pods.filter(pod => pod.state !== 'ready' && pod.state !== 'leaving').length
    const words =
      pods.length === 0
        ? t('node.empty')
        : unready > 0
          ? t('node.countUnready', { count: pods.length, unready })
          : t('node.count', { count: pods.length })
    return isCordoned ? `${words} · ${t('node.cordoned')}` : words
  }
  return (
    <table>
      <thead>
        <tr>
          <th>{t('nodes')}</th>
          <th>{t('status')}</th>
          <th>{t('note')}</th>
          <th>{t('pods')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.uid}>
            <Name name={row.name}>
              <StateShape state={row.state} />
            </Name>
            <td>{t(`node.${row.word}`)}</td>
            <td>{say(row)}</td>
            <Discs pods={row.pods} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export const WorkloadTable = (props: {
  rows: readonly WorkloadRow[]
  chosen: string | undefined
  onChoose(uid: string): void
}) => {
  const { t } = useTranslation('cluster')
  return (
    <table>
      <thead>
        <tr>
          <th>{t('workloads')}</th>
          <th>{t('kind')}</th>
          <th>{t('readyOfWanted')}</th>
          <th>{t('pods')}</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map(row => (
          <tr key={row.uid} className="choice" aria-selected={row.uid === props.chosen}>
            <td>
              <StateShape state={row.state} />
              <button type="button" onClick={() => props.onChoose(row.uid)}>
                {row.name}
              </button>
              {row.namespace !== 'default' ? <span className="faint small namespace">{row.namespace}</span> : null}
            </td>
            <td>{row.kind}</td>
            <td>
              {row.ready} / {row.wanted}{' '}
              {row.note ? (
                <span className={stateInk(row.state === 'ready' ? 'pending' : row.state)}>
                  {t(`workload.${row.note}`, { count: row.pods.filter(pod => pod.state === 'leaving').length })}
                </span>
              ) : null}
            </td>
            <Discs pods={row.pods} />
          </tr>
        ))}
        {props.rows.length === 0 ? (
          <tr>
            <td colSpan={4}>
              {t('noWorkloads')} <a href={hrefOf({ screen: 'labs', id: '01-pod' })}>{t('firstLab')}</a>
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  )
}

export const ServiceTable = ({ rows }: { rows: readonly ServiceRow[] }) => {
  const { t } = useTranslation('cluster')
  const reach = ({ endpoints, hasSelector, isWaiting }: ServiceRow): string => {
    if (endpoints === 0) return t('service.none')
    const words = t(hasSelector ? 'service.count' : 'service.endpoints', { count: endpoints })
    return isWaiting ? `${t('service.waiting')} · ${words}` : words
  }
  return (
    <table>
      <thead>
        <tr>
          <th>{t('services')}</th>
          <th>{t('type')}</th>
          <th>{t('address')}</th>
          <th>{t('selects')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.uid}>
            <Name name={row.name} namespace={row.namespace}>
              <StateShape state={row.state} />
            </Name>
            <td>{row.type}</td>
            <td>
              {row.address || t('service.headless')} <span className="faint">{row.ports}</span>
            </td>
            <td className="discs">{reach(row)}</td>
          </tr>
        ))}
        {rows.length === 0 ? (
          <tr>
            <td colSpan={4}>{t('noServices')}</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  )
}
