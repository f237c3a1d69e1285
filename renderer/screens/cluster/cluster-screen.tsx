// The current cluster on one sheet, live: nodes, workloads, Services, storage; what is in trouble and why, and what just happened.

import { useMemo, useState } from 'react'
import { MenuItem, MenuSection } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Menu } from '../../parts/menu.tsx'
import { type Objects, objectOf, objectsOf } from '../../state/objects.ts'
import { useAppState, useCurrentTarget, useObjects } from '../../state/use-state.ts'
import { HappeningList } from './happening-list.tsx'
import { happenings } from './happenings.ts'
import { Inspector } from './inspector.tsx'
import { Microk8sStrip } from './microk8s-strip.tsx'
import { NoCluster } from './no-cluster.tsx'
import { serviceRows } from './services.ts'
import { namespaceNames, namespaceRows, nodeRows } from './sheet.ts'
import { storageRows } from './storage.ts'
import { NamespaceTable, NodeTable, ServiceTable, StorageTable, WorkloadTable } from './tables.tsx'
import { TimeStrip } from './time-strip.tsx'
import { Troubles } from './troubles.tsx'
import { useTroubles } from './use-troubles.ts'
import { workloadRows } from './workloads.ts'
import './cluster-screen.css'

/** Which Namespace is shown; nothing to choose where there are only the built-in ones. */
const NamespaceChoice = ({ objects, value, onChange }: { objects: Objects; value: string; onChange(name: string): void }) => {
  const { t } = useTranslation('cluster')
  return (
    <Menu
      label={t('namespace')}
      trigger={
        <Button look="ghost" aria-label={`${t('namespace')}: ${value || t('allNamespaces')}`}>
          {value || t('allNamespaces')}
          <Icon name="down" small />
        </Button>
      }
      onAction={key => onChange(String(key).replace(/^in:/, ''))}
    >
      <MenuSection className="menu-section" aria-label={t('namespace')}>
        {['', ...namespaceNames(objects)].map(name => (
          <MenuItem key={name} id={`in:${name}`} className="menu-item" textValue={name || t('allNamespaces')}>
            <Icon name={name === value ? 'check' : 'cluster'} small />
            <b>{name || t('allNamespaces')}</b>
          </MenuItem>
        ))}
      </MenuSection>
    </Menu>
  )
}

const Sheet = ({ objects, id, isMicrok8s }: { objects: Objects; id: string | undefined; isMicrok8s: boolean }) => {
  const { t } = useTranslation('cluster')
  const { router } = useAppState()
  const troubles = useTroubles()
  const [namespace, setNamespace] = useState('')
  const only = namespace || undefined
  const workloads = useMemo(() => workloadRows(objects, only), [objects, only])
  const nodes = useMemo(() => nodeRows(objects), [objects])
  const events = useMemo(() => happenings(objects), [objects])
  const object = objectOf(objects, id)
  const row = id === undefined ? undefined : workloads.find(({ family }) => family.has(id))
  const family = useMemo(() => (row?.uid === id ? row?.family : new Set([id ?? ''])), [row, id])
  const own = useMemo(() => (id === undefined ? [] : happenings(objects, family)), [objects, family, id])
  const choose = (uid: string | undefined) =>
    router.go(uid === undefined || uid === id ? { screen: 'cluster' } : { screen: 'cluster', id: uid })
  const choosing = { chosen: object && id, onChoose: choose }
  const hasChoice = only !== undefined || objectsOf(objects, 'Namespace').length > 1
  const choice = hasChoice ? <NamespaceChoice objects={objects} value={namespace} onChange={setNamespace} /> : null
  return (
    <div className="screen cluster">
      <h1 className="unseen">{t('heading')}</h1>
      <div className="cluster-all">
        <NodeTable rows={nodes} {...choosing} />
        <WorkloadTable rows={workloads} {...choosing} action={choice} />
        <ServiceTable rows={serviceRows(objects, only)} {...choosing} />
        <StorageTable rows={storageRows(objects, only)} {...choosing} />
        <NamespaceTable rows={namespaceRows(objects)} {...choosing} />
      </div>
      <aside className="cluster-side" aria-label={t('side')}>
        {object ? (
          <Inspector key={id} object={object} objects={objects} row={row} events={own} onChoose={choose} />
        ) : (
          <>
            <Troubles troubles={troubles} onChoose={choose} />
            <h2>{t('events')}</h2>
            <HappeningList list={events} empty={t('noEvents')} />
          </>
        )}
      </aside>
      <TimeStrip rows={nodes} events={events} />
      {isMicrok8s ? <Microk8sStrip isUp /> : null}
    </div>
  )
}

export const ClusterScreen = ({ id }: { id?: string }) => {
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
  return <Sheet key={value.cluster} objects={value} id={id} isMicrok8s={target.kind === 'microk8s'} />
}
