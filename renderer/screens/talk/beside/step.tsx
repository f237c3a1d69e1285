// The step that a slide does: the command to run next, what is waited for, and whether the slide then turns by itself.

import { useTranslation } from 'react-i18next'
import { Button, Key } from '../../../parts/button.tsx'
import { ErrorPanel } from '../../../parts/error-panel.tsx'
import { Icon } from '../../../parts/icon.tsx'
import { RunLine } from '../../../parts/run-line.tsx'
import { StateShape } from '../../../parts/state-shape.tsx'
import type { SlideActs } from './use-slide-acts.ts'
import './step.css'

const Command = ({ acts: { doing, run, again } }: { acts: SlideActs }) => {
  const { t } = useTranslation(['talk', 'labs'])
  const next = doing?.next
  if (!doing) return null
  if (!next)
    return (
      <p className="step-over">
        {t('step.allRun')}
        {doing.canReset && (
          <Button look="ghost" onPress={again}>
            <Icon name="undo" small />
            {t('labs:resetTask')}
          </Button>
        )}
      </p>
    )
  return (
    <>
      <button
        type="button"
        className={`run is-${next.state} is-next`}
        disabled={next.state === 'running'}
        onClick={run}
        data-testid="step-run"
      >
        <Icon name="play" small />
        <RunLine text={next.text} />
        {next.state === 'running' ? <small>{t('labs:running')}</small> : <Key>{t('labs:enter')}</Key>}
      </button>
      {next.isDraft && <p className="small muted">{t('step.draft')}</p>}
    </>
  )
}

/** What is waited for, and what then happens. */
const Waiting = ({ acts: { doing, isArmed, toggleArmed } }: { acts: SlideActs }) => {
  const { t } = useTranslation('talk')
  if (!doing || doing.checks.length === 0) return null
  return (
    <>
      <ul className="step-checks">
        {doing.checks.map(check => (
          <li key={check.id} data-check={check.id} data-passed={check.passed}>
            <StateShape state={check.passed ? 'ready' : isArmed ? 'progressing' : 'pending'} />
            <span>{check.text}</span>
            <span className="faint num">{check.seen}</span>
          </li>
        ))}
      </ul>
      <button type="button" className="step-arm" aria-pressed={isArmed} onClick={toggleArmed}>
        <StateShape state={isArmed ? (doing.isReady ? 'ready' : 'progressing') : 'pending'} />
        {isArmed ? (doing.isReady ? t('step.ready') : t('step.armed')) : t('step.arm')}
        <Key>A</Key>
      </button>
    </>
  )
}

export const Step = ({ acts }: { acts: SlideActs }) => (
  <div className="step" data-ready={acts.doing?.isReady ?? false}>
    {acts.failure && <ErrorPanel error={acts.failure} />}
    <Command acts={acts} />
    <Waiting acts={acts} />
  </div>
)
