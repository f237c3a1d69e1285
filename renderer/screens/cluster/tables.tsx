// The sheet's tables: nodes, workloads, Services, storage, Namespaces. Every row, and every Pod's disc, can be chosen.

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type StateName, StateShape, stateInk } from '../../parts/state-shape.tsx'
import { hrefOf } from '../../state/route.ts'
import type { ServiceRow } from './services.ts'
import type { NamespaceRow, NodeRow, PodRow } from './sheet.ts'
import type { StorageRow } from './storage.ts'
import type { WorkloadRow } from './workloads.ts'

/** More discs than these say no more. */
const discs = 24

/** What is chosen, and how to choose. */
export interface Choosing {
  chosen: string | undefined
  onChoose(uid: string): void
}

const Discs = ({ pods, onChoose }: { pods: readonly PodRow[] } & Choosing) => {
  const { t } = useTranslation('cluster')
  const hidden = pods.length - discs
  return (
    <td className="discs">
      {hidden > 0 ? <span className="faint small">{t('more', { count: hidden })}</span> : null}
      {pods.slice(0, discs).map(({ uid, name, state, word }) => (
        <button key={uid} type="button" className="disc" tabIndex={-1} onClick={() => onChoose(uid)}>
          <StateShape state={state} label={`${name} ${t(`pod.${word}`)}`} />
        </button>
      ))}
    </td>
  )
}

interface RowProps {
  uid: string
  name: string
  namespace?: string
  state: StateName
  isChosen: boolean
  onChoose(uid: string): void
  children: ReactNode
}

const Row = ({ uid, name, namespace, state, isChosen, onChoose, children }: RowProps) => (
  <tr className="choice" aria-selected={isChosen}>
    <td>
      <StateShape state={state} />
      <button type="button" onClick={() => onChoose(uid)}>
        {name}
      </button>
      {namespace && namespace !== 'default' ? <span className="faint small namespace">{namespace}</span> : null}
    </td>
    {children}
  </tr>
)

const Table = ({ heads, action, children }: { heads: readonly string[]; action?: ReactNode; children: ReactNode }) => (
  <table>
    <thead>
      <tr>
        {heads.map((head, index) => (
          <th key={head}>
            {head}
            {index === 0 ? action : null}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
)

export const NodeTable = ({ rows, ...choosing }: { rows: readonly NodeRow[] } & Choosing) => {
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
    <Table heads={[t('nodes'), t('status'), t('note'), t('pods')]}>
      {rows.map(row => (
        <Row key={row.uid} {...row} isChosen={row.uid === choosing.chosen} onChoose={choosing.onChoose}>
          <td>{t(`node.${row.word}`)}</td>
          <td>{say(row)}</td>
          <Discs pods={row.pods} {...choosing} />
        </Row>
      ))}
    </Table>
  )
}

/** @param action beside the heading: the choice of a Namespace */
export const WorkloadTable = (props: { rows: readonly WorkloadRow[]; action?: ReactNode } & Choosing) => {
  const { t } = useTranslation('cluster')
  const { rows, action, ...choosing } = props
  return (
    <Table heads={[t('workloads'), t('kind'), t('readyOfWanted'), t('pods')]} action={action}>
      {rows.map(row => (
        <Row
          key={row.uid}
          {...row}
          isChosen={choosing.chosen !== undefined && row.family.has(choosing.chosen)}
          onChoose={choosing.onChoose}
        >
          <td title={row.kind}>{row.kind === 'HorizontalPodAutoscaler' ? 'HPA' : row.kind}</td>
          <td>
            {row.figure ?? `${row.ready} / ${row.wanted}`}{' '}
            {row.note ? (
              <span className={stateInk(row.state === 'ready' ? 'pending' : row.state)}>
                {t(`workload.${row.note}`, { count: row.pods.filter(pod => pod.state === 'leaving').length })}
              </span>
            ) : null}
          </td>
          <Discs pods={row.pods} {...choosing} />
        </Row>
      ))}
      {rows.length === 0 ? (
        <tr>
          <td colSpan={4}>
            {t('noWorkloads')} <a href={hrefOf({ screen: 'labs', id: '01-pod' })}>{t('firstLab')}</a>
          </td>
        </tr>
      ) : null}
    </Table>
  )
}

export const ServiceTable = ({ rows, chosen, onChoose }: { rows: readonly ServiceRow[] } & Choosing) => {
  const { t } = useTranslation('cluster')
  const reach = ({ endpoints, hasSelector, isWaiting }: ServiceRow): string => {
    if (endpoints === 0) return t('service.none')
    const words = t(hasSelector ? 'service.count' : 'service.endpoints', { count: endpoints })
    return isWaiting ? `${t('service.waiting')} · ${words}` : words
  }
  return (
    <Table heads={[t('services'), t('type'), t('address'), t('selects')]}>
      {rows.map(row => (
        <Row key={row.uid} {...row} isChosen={row.uid === chosen} onChoose={onChoose}>
          <td>{row.type}</td>
          <td>
            {row.address || t('service.headless')} <span className="faint">{row.ports}</span>
          </td>
          <td className="discs">{reach(row)}</td>
        </Row>
      ))}
      {rows.length === 0 ? (
        <tr>
          <td colSpan={4}>{t('noServices')}</td>
        </tr>
      ) : null}
    </Table>
  )
}

const shortKinds = { PersistentVolumeClaim: 'PVC', PersistentVolume: 'PV', StorageClass: 'StorageClass' } as const

export const StorageTable = ({ rows, chosen, onChoose }: { rows: readonly StorageRow[] } & Choosing) => {
  const { t } = useTranslation('cluster')
  if (rows.length === 0) return null
  return (
    <Table heads={[t('storage'), t('kind'), t('status'), t('size')]}>
      {rows.map(row => (
        <Row key={row.uid} {...row} isChosen={row.uid === chosen} onChoose={onChoose}>
          <td title={row.kind}>{shortKinds[row.kind]}</td>
          <td>
            {row.phase} <span className="faint">{row.isDefault ? t('defaultClass') : row.of}</span>
          </td>
          <td className="discs num">{row.size}</td>
        </Row>
      ))}
    </Table>
  )
}

export const NamespaceTable = ({ rows, ...choosing }: { rows: readonly NamespaceRow[] } & Choosing) => {
  const { t } = useTranslation('cluster')
  if (rows.length === 0) return null
  return (
    <Table heads={[t('namespaces'), t('status'), t('note'), t('pods')]}>
      {rows.map(row => (
        <Row key={row.uid} {...row} isChosen={row.uid === choosing.chosen} onChoose={choosing.onChoose}>
          <td>{row.phase}</td>
          <td>{row.pods.length === 0 ? t('node.empty') : t('node.count', { count: row.pods.length })}</td>
          <Discs pods={row.pods} {...choosing} />
        </Row>
      ))}
    </Table>
  )
}
