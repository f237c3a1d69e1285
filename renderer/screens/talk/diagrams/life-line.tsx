// The slide's bottom line: one Pod's life, from the wish to ready, each stage with when it was reached.

import { MenuItem } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Menu } from '../../../parts/menu.tsx'
import { StateShape } from '../../../parts/state-shape.tsx'
import type { PodDot } from './facts.ts'
import { type Life, lifeStages } from './life.ts'
import { StageButton } from './stage-button.tsx'

interface LifeLineProps {
  life: Life | undefined
  /** How the Pod is, where something holds it up. */
  dot: PodDot | undefined
  /** Those that can be followed. */
  pods: readonly PodDot[]
  onFollow(uid: string): void
}

export const LifeLine = ({ life, dot, pods, onFollow }: LifeLineProps) => {
  const { t } = useTranslation('talk')
  if (!life) return <p className="life">{t('life.none')}</p>
  const { at, reached } = life
  const after = (ms: number): string =>
    ms < 1000
      ? t('life.afterMs', { ms: Math.round(ms) })
      : t('life.afterSeconds', { seconds: ms < 9_950 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000) })
  const next = lifeStages.findIndex(stage => !reached.has(stage))
  const isHeldUp = dot?.state === 'failed' || dot?.state === 'attention'
  return (
    <>
      <Menu
        label={t('life.choose')}
        placement="top start"
        trigger={
          <StageButton label={t('life.follow', { name: life.name })} look="name">
            {life.short}
          </StageButton>
        }
        onAction={key => onFollow(String(key))}
      >
        {pods.map(pod => (
          <MenuItem key={pod.uid} id={pod.uid} className="menu-item" textValue={pod.name}>
            <StateShape state={pod.state} />
            <b>{pod.name}</b>
          </MenuItem>
        ))}
      </Menu>
      <ol className="life" aria-label={t('life.of', { name: life.name })}>
        {lifeStages.map((stage, index) => {
          const isReached = reached.has(stage)
          const state = isReached ? 'ready' : index !== next ? 'pending' : isHeldUp ? dot.state : 'progressing'
          const [time, start] = [at[stage], at.stored]
          return (
            <li key={stage} className={isReached ? 'is-done' : index === next ? 'is-now' : undefined} data-stage={stage}>
              <StateShape state={state} />
              <span>{t(`life.stages.${stage}`)}</span>
              {time !== undefined && start !== undefined && stage !== 'stored' && <time>{after(time - start)}</time>}
            </li>
          )
        })}
      </ol>
    </>
  )
}
