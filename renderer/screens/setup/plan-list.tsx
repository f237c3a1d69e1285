// The steps in order, each with its state and its time.

import { useTranslation } from 'react-i18next'
import type { SetupRun, StepId } from '../../../electron/contract/setup.ts'
import { type StateName, StateShape } from '../../parts/state-shape.tsx'
import { type StepRow, stopWatch } from './view.ts'

const shapes: Record<StepRow['state'], StateName> = {
  pending: 'pending',
  now: 'progressing',
  attention: 'attention',
  ready: 'ready',
  failed: 'failed',
  skipped: 'leaving',
}

export const PlanList = (props: {
  rows: readonly StepRow[]
  run: SetupRun | null
  chosen: StepId | undefined
  onChoose(id: StepId): void
}) => {
  const { t } = useTranslation('setup')
  const { rows, run, chosen, onChoose } = props
  const time = ({ state, ms, expected }: StepRow): string => {
    if (ms !== undefined) return stopWatch(ms)
    if (state === 'ready') return t('screen.already')
    return expected > 0 ? t('screen.about', { time: stopWatch(expected * 1000) }) : ''
  }
  return (
    <ol>
      {rows.map(row => (
        <li key={row.id}>
          <button
            type="button"
            className={row.state}
            aria-current={row.id === chosen ? 'step' : undefined}
            onClick={() => onChoose(row.id)}
          >
            <StateShape state={shapes[row.state]} />
            <span>
              {t(`steps.${row.id}.title`)}
              <span className="unseen">{t(`screen.states.${row.state}`)}</span>
              {row.state === 'attention' && run?.wait ? (
                <small>{t(`waits.${run.wait.code}.short`, run.wait.facts)}</small>
              ) : row.state === 'now' && run?.progress ? (
                <small>{t('screen.progress', run.progress)}</small>
              ) : null}
            </span>
            <time>{time(row)}</time>
          </button>
        </li>
      ))}
    </ol>
  )
}
