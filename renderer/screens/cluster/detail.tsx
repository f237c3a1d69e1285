// One workload, opened: what it wants, its Pods with what each waits for, and its events.

import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { StateShape, stateInk } from '../../parts/state-shape.tsx'
import { HappeningList } from './happening-list.tsx'
import type { Happening } from './happenings.ts'
import type { PodRow, WorkloadRow } from './sheet.ts'

const PodLine = ({ pod }: { pod: PodRow }) => {
  const { t } = useTranslation('cluster')
  const where = [pod.node && t('pod.onNode', { node: pod.node }), pod.ip].filter(Boolean).join(' · ')
  return (
    <li>
      <StateShape state={pod.state} />
      <code>{pod.name}</code>
      <span className={pod.state === 'ready' ? 'faint' : stateInk(pod.state)}>{t(`pod.${pod.word}`)}</span>
      <span className="where faint num">
        {where}
        {pod.restarts > 0 ? ` · ${t('pod.restarts', { count: pod.restarts })}` : null}
      </span>
      {pod.proof ? <pre>{pod.proof}</pre> : null}
    </li>
  )
}

export const Detail = (props: { row: WorkloadRow; events: readonly Happening[]; onClose(): void }) => {
  const { t } = useTranslation('cluster')
  const { row } = props
  return (
    <>
      <p className="question">
        <StateShape state={row.state} />
        {row.kind}
        <span className="gap" />
        <Button look="ghost" square aria-label={t('detail.close')} onPress={props.onClose}>
          <Icon name="close" small />
        </Button>
      </p>
      <h1>{row.name}</h1>
      <p className="so num">
        {t('detail.wants', { wanted: row.wanted, ready: row.ready })}
        {row.note && row.note !== 'idle'
          ? ` · ${t(`workload.${row.note}`, { count: row.pods.filter(pod => pod.state === 'leaving').length })}`
          : null}
      </p>
      <h2>{t('detail.pods')}</h2>
      {row.pods.length === 0 ? <p className="faint">{t('detail.noPods')}</p> : null}
      <ul className="pod-lines">
        {row.pods.map(pod => (
          <PodLine key={pod.uid} pod={pod} />
        ))}
      </ul>
      <h2>{t('detail.events')}</h2>
      <HappeningList list={props.events} empty={t('detail.noEvents')} />
    </>
  )
}
