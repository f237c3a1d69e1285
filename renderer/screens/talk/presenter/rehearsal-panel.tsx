// Rehearsing: first whether the demos would work here, now, offline; then how long each slide took, and what to plan from it.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Deck, Plan, Rehearsals } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'
import { Button } from '../../../parts/button.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Segmented } from '../../../parts/segmented.tsx'
import { DemoList } from './demo-list.tsx'
import { suggested } from './rehearsed.ts'
import { RunTable } from './run-table.tsx'
import './rehearsal-panel.css'

/** Undefined until the host has told. */
export const useRehearsals = (fail: (fault: unknown) => void): Rehearsals | undefined => {
  const api = useApi()
  const [rehearsals, setRehearsals] = useState<Rehearsals>()
  useEffect(() => api.talk.rehearsals({}, setRehearsals, { onError: fail }), [api, fail])
  return rehearsals
}

type RehearsalView = 'demos' | 'times'

interface RehearsalPanelProps {
  /** What is seen first. */
  first: RehearsalView
  deck: Deck
  plan: Plan
  rehearsals: Rehearsals
  onPlan(change: Partial<Plan>): void
  onGo(slide: string): void
  onClose(): void
  fail(fault: unknown): void
}

export const RehearsalPanel = ({ first, deck, plan, rehearsals, onPlan, onGo, onClose, fail }: RehearsalPanelProps) => {
  const { t } = useTranslation('talk')
  const api = useApi()
  const { runs } = rehearsals
  const [view, setView] = useState(first)
  const [newest] = runs
  const start = () => {
    api.talk.rehearse({ action: 'start' }).catch(fail)
    onClose()
  }
  return (
    <Panel title={t('rehearsal.title')} close={t('help.close')} wide onClose={onClose}>
      <p className="muted">{t('rehearsal.about')}</p>
      <div className="rehearsal-acts">
        <Segmented
          label={t('rehearsal.title')}
          choices={[
            { id: 'demos', text: t('rehearsal.demos') },
            { id: 'times', text: t('rehearsal.times') },
          ]}
          value={view}
          onChange={setView}
        />
        <span className="gap" />
        <Button look="primary" onPress={start}>
          {t('rehearsal.start')}
        </Button>
      </div>
      {view === 'demos' ? (
        <DemoList onGo={onGo} fail={fail} />
      ) : newest ? (
        <>
          <RunTable deck={deck} plan={plan} run={newest} />
          <div className="rehearsal-acts">
            <Button onPress={() => onPlan({ shares: suggested(runs) })}>
              {t('rehearsal.usePlan', { count: Math.min(runs.length, 3) })}
            </Button>
            {plan.shares && (
              <Button look="ghost" onPress={() => onPlan({ shares: null })}>
                {t('rehearsal.useGuess')}
              </Button>
            )}
            <span className="gap" />
            <Button look="ghost" onPress={() => void api.talk.forgetRehearsals({}).catch(fail)}>
              {t('rehearsal.forget')}
            </Button>
          </div>
        </>
      ) : (
        <p className="rehearsal-none">{t('rehearsal.none')}</p>
      )}
    </Panel>
  )
}
