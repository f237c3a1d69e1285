// The time machine under the practice cluster's sheet: its clock, the way back, and its nodes' power.

import { useEffect, useState } from 'react'
import { Header, MenuItem, MenuSection } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { PracticeState } from '../../../electron/contract/practice.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Tooltip } from '../../parts/tooltip.tsx'
import type { Told } from '../../state/state.ts'
import { useAttempt, usePractice } from '../../state/use-state.ts'
import type { Happening } from './happenings.ts'
import type { NodeRow } from './sheet.ts'
import './time-strip.css'

const speeds = ['0.25', '1', '10'] as const
const shownMs = 60_000
const undoName = 'before-restore'

/** The cluster's time now; a new one four times a second while it runs. */
const useClusterTime = ({ state, heardAt }: Told): number => {
  const [, draw] = useState(0)
  const isPaused = state?.clock.isPaused ?? true
  useEffect(() => {
    if (isPaused) return
    const timer = setInterval(() => draw(count => count + 1), 250)
    return () => clearInterval(timer)
  }, [isPaused])
  if (!state) return 0
  return state.clock.now + (isPaused ? 0 : (Date.now() - heardAt) * state.clock.speed)
}

const Item = ({ id, icon, text, note }: { id: string; icon: IconName; text: string; note?: string }) => (
  <MenuItem id={id} className="menu-item" textValue={text}>
    <Icon name={icon} small />
    <b>{text}</b>
    {note ? <small className="menu-note num">{note}</small> : null}
  </MenuItem>
)

/** The last minute: a tick for each thing that happened. */
const Minute = ({ events, now }: { events: readonly Happening[]; now: number }) => {
  const { t } = useTranslation('cluster')
  const ticks = events.filter(({ at }) => at <= now + 1000 && at > now - shownMs)
  return (
    <div className="minute faint" aria-hidden="true">
      <div className="minute-line">
        {ticks.map(({ id, at, isWarning }) => (
          <i
            key={id}
            className={isWarning ? 'warning' : undefined}
            style={{ insetInlineStart: `${Math.min(100, 100 - ((now - at) / shownMs) * 100)}%` }}
          />
        ))}
      </div>
      <span>{t('time.minute')}</span>
      <span>{t('time.now')}</span>
    </div>
  )
}

const NodesMenu = ({ state, rows }: { state: PracticeState; rows: readonly NodeRow[] }) => {
  const { t } = useTranslation('cluster')
  const api = useApi()
  const attempt = useAttempt()
  const choose = (key: string) => {
    if (key === 'add') return attempt(() => api.practice.addNode({}))
    const [action, name = ''] = key.split(':') as ['cordon' | 'uncordon' | 'drain' | 'kill' | 'revive', string]
    return attempt(() => api.practice.node({ name, action }))
  }
  return (
    <Menu
      label={t('time.nodes')}
      placement="top start"
      trigger={
        <Button>
          <Icon name="node" small />
          {t('time.nodes')}
        </Button>
      }
      onAction={key => void choose(String(key))}
    >
      <MenuSection className="menu-section" aria-label={t('time.add')}>
        <Item id="add" icon="plus" text={t('time.add')} />
      </MenuSection>
      {state.nodes.map(({ name, hasPower }) => {
        const isCordoned = rows.find(row => row.name === name)?.isCordoned
        return (
          <MenuSection key={name} id={name} className="menu-section">
            <Header>{name}</Header>
            {isCordoned ? (
              <Item key={`uncordon:${name}`} id={`uncordon:${name}`} icon="play" text={t('time.uncordon')} />
            ) : (
              <Item key={`cordon:${name}`} id={`cordon:${name}`} icon="close" text={t('time.cordon')} />
            )}
            <Item id={`drain:${name}`} icon="right" text={t('time.drain')} />
            {hasPower ? (
              <Item key={`kill:${name}`} id={`kill:${name}`} icon="power" text={t('time.kill')} />
            ) : (
              <Item key={`revive:${name}`} id={`revive:${name}`} icon="power" text={t('time.revive')} />
            )}
          </MenuSection>
        )
      })}
    </Menu>
  )
}

const SnapshotsMenu = ({ state, onAfresh }: { state: PracticeState; onAfresh(): void }) => {
  const { t, i18n } = useTranslation('cluster')
  const api = useApi()
  const attempt = useAttempt()
  const clock = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
  const named = state.snapshots.filter(({ name }) => name !== undoName)
  const free = (): string => {
    for (let number = 1; ; number++) {
      const name = t('time.name', { number })
      if (!named.some(snapshot => snapshot.name === name)) return name
    }
  }
  const choose = (key: string) => {
    if (key === 'afresh') return onAfresh()
    if (key === 'take') return void attempt(() => api.practice.takeSnapshot({ name: free() }))
    if (key === 'remove') return void attempt(() => Promise.all(named.map(({ name }) => api.practice.removeSnapshot({ name }))))
    void attempt(() => api.practice.restoreSnapshot({ name: key.replace(/^restore:/, '') }))
  }
  return (
    <Menu
      label={t('time.snapshots')}
      placement="top start"
      trigger={
        <Button>
          <Icon name="camera" small />
          {t('time.snapshots')}
        </Button>
      }
      onAction={key => choose(String(key))}
    >
      <MenuSection className="menu-section" aria-label={t('time.take')}>
        <Item id="take" icon="camera" text={t('time.take')} />
      </MenuSection>
      <MenuSection className="menu-section">
        <Header>{named.length > 0 ? t('time.snapshots') : t('time.none')}</Header>
        {named.map(({ name, at }) => (
          <Item key={name} id={`restore:${name}`} icon="undo" text={t('time.restore', { name })} note={clock.format(at)} />
        ))}
      </MenuSection>
      <MenuSection className="menu-section" aria-label={t('time.afresh')}>
        {state.snapshots.length > named.length ? <Item id={`restore:${undoName}`} icon="undo" text={t('time.undo')} /> : null}
        {named.length > 0 ? <Item id="remove" icon="close" text={t('time.remove')} /> : null}
        <Item id="afresh" icon="again" text={t('time.afresh')} />
      </MenuSection>
    </Menu>
  )
}

const Strip = ({ told, state, rows, events }: { told: Told; state: PracticeState } & StripProps) => {
  const { t, i18n } = useTranslation('cluster')
  const api = useApi()
  const attempt = useAttempt()
  const now = useClusterTime(told)
  const [isAsking, setAsking] = useState(false)
  const { isPaused, speed } = state.clock
  const time = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
  const tell = (wish: Parameters<typeof api.practice.clock>[0]) => void attempt(() => api.practice.clock(wish))
  const hold = t(isPaused ? 'time.resume' : 'time.pause')
  return (
    <section className="time-strip" aria-label={t('time.label')}>
      <Tooltip text={hold}>
        <Button square aria-label={hold} onPress={() => tell({ action: isPaused ? 'resume' : 'pause' })}>
          <Icon name={isPaused ? 'play' : 'pause'} small />
        </Button>
      </Tooltip>
      <Tooltip text={t('time.step')}>
        <Button square aria-label={t('time.step')} onPress={() => tell({ action: 'step' })}>
          <Icon name="step" small />
        </Button>
      </Tooltip>
      <Segmented
        label={t('time.speed')}
        choices={speeds.map(id => ({ id, text: `${id}×` }))}
        value={speeds.find(id => Number(id) === speed) ?? '1'}
        onChange={id => tell({ speed: Number(id) })}
      />
      <p className="cluster-time num">
        <b>{time.format(now)}</b>
        <span className="faint small">{isPaused ? t('time.held') : t('time.time')}</span>
      </p>
      <Minute events={events} now={now} />
      <span className="gap" />
      {[10, 30].map(seconds => (
        <Button key={seconds} onPress={() => void attempt(() => api.practice.rewind({ seconds }))}>
          <Icon name="rewind" small />
          {t('time.rewind', { seconds })}
        </Button>
      ))}
      <SnapshotsMenu state={state} onAfresh={() => setAsking(true)} />
      <NodesMenu state={state} rows={rows} />
      <Dialog
        isOpen={isAsking}
        title={t('time.afreshTitle')}
        act={t('time.afreshDo')}
        cancel={t('time.cancel')}
        onAct={() => {
          setAsking(false)
          void attempt(() => api.practice.startAfresh({}))
        }}
        onClose={() => setAsking(false)}
      >
        <p>{t('time.afreshWhy')}</p>
      </Dialog>
    </section>
  )
}

interface StripProps {
  rows: readonly NodeRow[]
  events: readonly Happening[]
}

/** Nothing where the current cluster is not the practice cluster. */
export const TimeStrip = (props: StripProps) => {
  const told = usePractice()
  return told?.state ? <Strip told={told} state={told.state} {...props} /> : null
}
