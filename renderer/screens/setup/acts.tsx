// What can be done at each point of the way, the best next act first; what changes the machine asks once.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lossesOf, type SetupState } from '../../../electron/contract/setup.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icon.tsx'
import { useAppState, useAttempt } from '../../state/use-state.ts'
import { Diagnostics } from './diagnostics.tsx'
import { Join } from './join.tsx'
import type { Phase } from './view.ts'

const firstLab = '01-pod'
/** Until the terminal has measured itself. */
const size = { cols: 72, rows: 36 }

/** Which acts a phase offers; the first is the filled one. */
const offers: Record<Phase, readonly ('start' | 'stop' | 'undo' | 'lesson' | 'diagnostics' | 'join')[]> = {
  looking: [],
  blocked: ['start'],
  fresh: ['start'],
  interrupted: ['start', 'undo'],
  installing: ['stop'],
  undoing: ['stop'],
  failed: ['start', 'diagnostics', 'undo'],
  undoFailed: ['undo', 'diagnostics'],
  done: ['lesson', 'join', 'undo'],
  adding: ['start', 'lesson', 'undo'],
  undone: ['start'],
}

export const Acts = (props: {
  phase: Phase
  state: SetupState
  counts: { all: number; root: number }
  /** The terminal in which this machine joins another. */
  onJoining(terminal: string): void
}) => {
  const { phase, state, counts, onJoining } = props
  const { t } = useTranslation('setup')
  const api = useApi()
  const { router } = useAppState()
  const attempt = useAttempt()
  const [asked, setAsked] = useState<'apply' | 'undo' | 'diagnostics' | 'join'>()
  const made = state.ledger.filter(change => change.state === 'made')
  const losses = lossesOf(made)
  const run = (kind: 'apply' | 'undo') => {
    setAsked(undefined)
    void attempt(() => api.setup.start({ kind, ...size }))
  }
  const startLesson = async () => {
    await api.cluster.use({ id: 'microk8s' })
    router.go({ screen: 'labs', id: firstLab })
  }
  const acts = {
    start: { icon: 'play', onPress: () => setAsked('apply'), off: phase === 'blocked' },
    stop: { icon: 'stop', onPress: () => void attempt(() => api.setup.stop({})), off: state.run?.stopping === true },
    undo: { icon: 'undo', onPress: () => setAsked('undo'), off: made.length === 0 && phase !== 'interrupted' },
    lesson: { icon: 'labs', onPress: () => void attempt(startLesson), off: false },
    diagnostics: { icon: 'copy', onPress: () => setAsked('diagnostics'), off: false },
    join: { icon: 'plus', onPress: () => setAsked('join'), off: false },
  } as const
  return (
    <div className="setup-acts">
      {offers[phase].map((name, index) => (
        <Button
          key={name}
          look={index === 0 && name !== 'stop' ? 'primary' : index === 0 ? 'plain' : 'ghost'}
          isDisabled={acts[name].off}
          onPress={acts[name].onPress}
        >
          <Icon name={acts[name].icon} small />
          {name === 'start'
            ? t(`screen.phases.${phase}.act`)
            : name === 'stop' && state.run?.stopping
              ? t('screen.acts.stopping')
              : t(`screen.acts.${name}`)}
        </Button>
      ))}
      <Dialog
        isOpen={asked === 'apply'}
        title={t('screen.consent.title')}
        act={t('screen.consent.act')}
        cancel={t('screen.cancel')}
        onClose={() => setAsked(undefined)}
        onAct={() => run('apply')}
      >
        <p>{t('screen.consent.words', counts)}</p>
        <ul className="setup-consent">
          {state.plan
            .filter(step => step.state !== 'done')
            .flatMap(step =>
              step.commands
                .filter(({ as }) => as === 'root')
                .map(command => (
                  <li key={`${step.id} ${command.text}`}>
                    <code>{command.text}</code>
                  </li>
                )),
            )}
        </ul>
        <p className="small">{t('screen.consent.password')}</p>
      </Dialog>
      <Dialog
        isOpen={asked === 'undo'}
        title={t('screen.undo.title')}
        act={t('screen.undo.act')}
        cancel={t('screen.cancel')}
        typed={losses.length > 0 ? { word: 'microk8s', ask: t('screen.undo.type', { word: 'microk8s' }) } : undefined}
        onClose={() => setAsked(undefined)}
        onAct={() => run('undo')}
      >
        <p>{t('screen.undo.words', { count: made.length })}</p>
        {losses.map(loss => (
          <p key={loss} className="setup-loss">
            {t(`screen.undo.loss.${loss}`)}
          </p>
        ))}
      </Dialog>
      {asked === 'join' ? <Join onClose={() => setAsked(undefined)} onJoining={onJoining} /> : null}
      {asked === 'diagnostics' ? <Diagnostics onClose={() => setAsked(undefined)} /> : null}
    </div>
  )
}
