// Setup: what will be done to this machine, what is being done, what was done, and the way back.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetupState, StepId } from '../../../electron/contract/setup.ts'
import { Button } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Acts } from './acts.tsx'
import { BundleChoice } from './bundle-choice.tsx'
import { Checks } from './checks.tsx'
import { Ledger } from './ledger.tsx'
import { PlanList } from './plan-list.tsx'
import { ProgramPane } from './program-pane.tsx'
import { Ruler } from './ruler.tsx'
import { Stall, StepSheet } from './step-sheet.tsx'
import { useNow, useSetup } from './use-setup.ts'
import { countCommands, missingSteps, phaseOf, rulerOf, stepInFocus, stepRows, stopWatch } from './view.ts'
import { Wishes } from './wishes.tsx'
import './setup-screen.css'

const Sheet = ({ state }: { state: SetupState }) => {
  const { t } = useTranslation('setup')
  const [joining, setJoining] = useState<string>()
  const [choice, setChoice] = useState<StepId | 'ledger'>()
  const phase = phaseOf(state)
  const isRunning = phase === 'installing' || phase === 'undoing'
  const now = useNow(isRunning)
  // Before a run, and once all is undone, the plan speaks; otherwise the run, with the times it took.
  const isBefore = phase === 'fresh' || phase === 'blocked' || phase === 'adding' || phase === 'undone' || phase === 'looking'
  const run = isBefore || (phase === 'done' && state.run?.kind === 'undo') ? null : state.run
  const rows = stepRows(state.plan, run, now)
  const ruler = rulerOf(rows)
  const focus = stepInFocus(rows)
  const shown = choice ?? (phase === 'done' || phase === 'adding' || phase === 'undone' ? 'ledger' : focus)
  const step = state.plan.find(({ id }) => id === shown)
  const next = step && state.plan[state.plan.indexOf(step) + 1]
  const counts = countCommands(state.plan)
  const isPresent = run !== null && shown === focus
  // Beside a run its terminal; before one, and where it was in another window, what was found on the machine.
  const own = run || phase === 'done' ? state.run?.terminal : undefined
  const terminal = (isRunning ? own : (joining ?? own)) ?? undefined
  const facts = {
    ...counts,
    step: rows.findIndex(({ id }) => id === focus) + 1,
    steps: rows.length,
    title: focus ? t(`steps.${focus}.title`) : '',
    elapsed: stopWatch(ruler.elapsed),
    rest: stopWatch(ruler.rest),
    blockers: state.checks.filter(check => check.state === 'blocker').length,
    missing: missingSteps(state).length,
    changes: state.ledger.filter(change => change.state === 'made').length,
  }
  return (
    <div className="screen setup" data-phase={phase}>
      <header className="setup-over">
        <div>
          <h1>{t(`screen.phases.${phase}.title`, facts)}</h1>
          <p className="muted">{t(`screen.phases.${phase}.words`, facts)}</p>
        </div>
        <Acts phase={phase} state={state} counts={counts} onJoining={setJoining} />
        {phase === 'done' || phase === 'undone' || phase === 'looking' ? null : (
          <Ruler ruler={ruler} isOver={!isRunning && run !== null} />
        )}
      </header>
      <nav className="setup-plan" aria-label={t('screen.plan')}>
        <PlanList rows={rows} run={run} chosen={shown === 'ledger' ? undefined : shown} onChoose={setChoice} />
        <div className="setup-sum">
          {counts.all > 0 ? <p>{t('screen.commands', counts)}</p> : null}
          <Button look="ghost" aria-pressed={shown === 'ledger'} onPress={() => setChoice('ledger')}>
            <Icon name="undo" small />
            {t('screen.openLedger', facts)}
          </Button>
        </div>
      </nav>
      <section className="setup-step">
        {shown === 'ledger' || !step ? (
          <>
            <h2>{t('screen.ledger.title')}</h2>
            <p className="muted">{t('screen.ledger.about')}</p>
            <Ledger ledger={state.ledger} />
            {phase === 'done' && terminal !== undefined ? <Wishes state={state} /> : null}
          </>
        ) : (
          <>
            <h2>{t(`steps.${step.id}.title`)}</h2>
            {isPresent && run.ended?.error ? <ErrorPanel error={run.ended.error} /> : null}
            {phase === 'failed' || phase === 'interrupted' ? <BundleChoice state={state} /> : null}
            {isPresent && isRunning ? <Stall run={run} usual={step.seconds} now={now} /> : null}
            <StepSheet step={step} next={next} />
          </>
        )}
      </section>
      <aside className="setup-side">
        {terminal === undefined ? (
          <Checks state={state} />
        ) : (
          <ProgramPane id={terminal} isRunning={isRunning || terminal === joining} />
        )}
      </aside>
    </div>
  )
}

export const SetupScreen = () => {
  const { state, error } = useSetup()
  if (error) return <ErrorPanel look="page" error={error.toWire()} />
  if (!state) return <div className="screen" aria-busy="true" />
  return <Sheet state={state} />
}
