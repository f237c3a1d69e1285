// The buttons at the end of the bottom line: the story's, the replay's, or the practice cluster's own clock.

import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/use-api.ts'
import { useAttempt, usePractice } from '../../../state/use-state.ts'
import { StageButton } from './stage-button.tsx'

interface PlayButtonsProps {
  isPlaying: boolean
  speed: number
  step: number
  count: number
  onToggle(): void
  onStep(): void
  onSpeed(speed: number): void
}

const speeds = [0.25, 0.5, 1, 2, 4] as const
const clockSpeeds = [0.25, 1, 10] as const

/** The one after, round to the first. */
const next = (all: readonly number[], now: number): number => all[(all.indexOf(now) + 1) % all.length] ?? 1

/** A story or a recorded life: play, one moment on, slower and faster. */
export const PlayButtons = ({ isPlaying, speed, step, count, onToggle, onStep, onSpeed }: PlayButtonsProps) => {
  const { t } = useTranslation('talk')
  return (
    <>
      <span className="moment">{t('play.moment', { step, count })}</span>
      <StageButton label={t(isPlaying ? 'play.pause' : 'play.play')} icon={isPlaying ? 'pause' : 'play'} onPress={onToggle} />
      <StageButton label={t('play.step')} icon="step" onPress={onStep} />
      <StageButton label={t('play.speed', { speed })} onPress={() => onSpeed(next(speeds, speed))}>
        {speed}×
      </StageButton>
    </>
  )
}

/** Holds, steps and slows the practice cluster itself; nothing on any other cluster. */
export const ClockButtons = () => {
  const { t } = useTranslation('talk')
  const api = useApi()
  const attempt = useAttempt()
  const state = usePractice()?.state
  if (!state) return null
  const { isPaused, speed } = state.clock
  const tell = (wish: Parameters<typeof api.practice.clock>[0]) => void attempt(() => api.practice.clock(wish))
  return (
    <>
      <StageButton
        label={t(isPaused ? 'play.resumeCluster' : 'play.pauseCluster')}
        icon={isPaused ? 'play' : 'pause'}
        onPress={() => tell({ action: isPaused ? 'resume' : 'pause' })}
      />
      <StageButton label={t('play.stepCluster')} icon="step" onPress={() => tell({ action: 'step' })} />
      <StageButton label={t('play.speedCluster', { speed })} onPress={() => tell({ speed: next(clockSpeeds, speed) })}>
        {speed}×
      </StageButton>
    </>
  )
}
