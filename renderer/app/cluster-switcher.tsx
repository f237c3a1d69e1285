// Which cluster: each with its state, and the act that its state asks for.

import { Header, MenuItem, MenuSection } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Target } from '../../electron/contract/cluster.ts'
import { useApi } from '../api/use-api.ts'
import { Button } from '../parts/button.tsx'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { StateShape } from '../parts/state-shape.tsx'
import { targetShape, useTargetName, useTargetNote } from '../state/target-name.ts'
import { useAttempt, useCurrentTarget, useTargets } from '../state/use-state.ts'

export const ClusterSwitcher = () => {
  const { t } = useTranslation('shell')
  const api = useApi()
  const attempt = useAttempt()
  const { value } = useTargets()
  const current = useCurrentTarget()
  const nameOf = useTargetName()
  const note = useTargetNote()

  const item = (target: Target) => (
    <MenuItem key={target.id} id={target.id} className="menu-item" textValue={nameOf(target)}>
      <StateShape state={targetShape[target.state]} />
      <b>{nameOf(target)}</b>
      {target.id === value?.current ? <Icon name="check" small /> : null}
      <small className="menu-note">{note(target)}</small>
    </MenuItem>
  )
  const act = (id: string, text: string, icon: 'play' | 'stop' | 'again') => (
    <MenuItem key={id} id={id} className="menu-item" textValue={text}>
      <Icon name={icon} small />
      <b>{text}</b>
    </MenuItem>
  )
  const targets = value?.targets ?? []
  const ours = targets.filter(target => target.kind !== 'context')
  const contexts = targets.filter(target => target.kind === 'context')
  const practice = targets.find(target => target.kind === 'practice')

  const choose = (id: string) => {
    if (id === 'act:stop') return attempt(() => api.cluster.stop({ id: 'practice' }))
    if (id === 'act:start') return attempt(() => api.cluster.use({ id: 'practice' }))
    if (id === 'act:again' && current) return attempt(() => api.cluster.use({ id: current.id }))
    return attempt(() => api.cluster.use({ id }))
  }

  return (
    <Menu
      label={t('target.label')}
      trigger={
        <Button aria-label={`${t('target.label')}: ${current ? nameOf(current) : t('target.choose')}`}>
          <StateShape state={current ? targetShape[current.state] : 'pending'} />
          <span className="target-name">{current ? nameOf(current) : t('target.choose')}</span>
          <Icon name="down" small />
        </Button>
      }
      onAction={key => void choose(String(key))}
    >
      <MenuSection className="menu-section">
        <Header>{t('target.ours')}</Header>
        {ours.map(item)}
      </MenuSection>
      <MenuSection className="menu-section">
        <Header>{contexts.length > 0 ? t('target.contexts') : t('target.none')}</Header>
        {contexts.map(item)}
      </MenuSection>
      <MenuSection className="menu-section" aria-label={t('palette.acts')}>
        {current?.state === 'failed'
          ? act('act:again', t(current.kind === 'context' ? 'target.reconnect' : 'target.again'), 'again')
          : null}
        {practice && (practice.state === 'stopped' || (practice.state === 'failed' && current?.id !== practice.id))
          ? act('act:start', t('target.start'), 'play')
          : null}
        {practice && (practice.state === 'ready' || practice.state === 'starting')
          ? act('act:stop', t('target.stop'), 'stop')
          : null}
      </MenuSection>
    </Menu>
  )
}
