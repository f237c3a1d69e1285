// The current cluster on one sheet, live: nodes, workloads, Services, and what just happened.

import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import type { Objects } from '../../state/objects.ts'
import { useAppState, useCurrentTarget, useObjects } from '../../state/use-state.ts'
import { Detail } from './detail.tsx'
import { HappeningList } from './happening-list.tsx'
import { happenings } from './happenings.ts'
import { NoCluster } from './no-cluster.tsx'
import { serviceRows } from './services.ts'
import { nodeRows, workloadRows } from './sheet.ts'
import { NodeTable, ServiceTable, WorkloadTable } from './tables.tsx'
import { TimeStrip } from './time-strip.tsx'
import './cluster-screen.css'

const Sheet = ({ objects }: { objects: Objects }) => {
  const { t } = useTranslation('cluster')
  const [chosen, setChosen] = useState<string>()
  const workloads = useMemo(() => workloadRows(objects), [objects])
  const nodes = useMemo(() => nodeRows(objects), [objects])
  const row = workloads.find(({ uid }) => uid === chosen)
  const events = useMemo(() => happenings(objects, row?.family), [objects, row?.family])
  return (
    <div className="screen cluster">
      <div className="cluster-all">
        <NodeTable rows={nodes} />
        <WorkloadTable rows={workloads} chosen={row?.uid} onChoose={uid => setChosen(uid === chosen ? undefined : uid)} />
        <ServiceTable rows={serviceRows(objects)} />
      </div>
      <aside className="cluster-side">
        {row ? (
          <Detail row={row} events={events} onClose={() => setChosen(undefined)} />
        ) : (
          <>
            <h2>{t('events')}</h2>
            <HappeningList list={events} empty={t('noEvents')} />
          </>
        )}
      </aside>
      <TimeStrip rows={nodes} events={events} />
    </div>
  )
}

export const ClusterScreen = () => {
  const { t } = useTranslation('cluster')
  const { objects: follower } = useAppState()
  const { value, error } = useObjects()
  const target = useCurrentTarget()
  if (target?.state !== 'ready') return <NoCluster target={target} />
  if (error)
    return (
      <div className="screen padded">
        <ErrorPanel
          look="page"
          error={error.toWire()}
          acts={
            <Button look="primary" onPress={follower.again}>
              {t('empty.again')}
            </Button>
          }
        />
      </div>
    )
  if (value?.cluster !== target.id) return <NoCluster target={target} isLoading />
  return <Sheet key={value.cluster} objects={value} />
}
