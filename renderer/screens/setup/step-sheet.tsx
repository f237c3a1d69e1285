// One step in full: every command with its why, what it touches, and the way back; while it waits, what for.

import { useTranslation } from 'react-i18next'
import { errorIds } from '../../../electron/contract/errors.ts'
import { type PlannedStep, type SetupRun, type ShownCommand, waitErrors } from '../../../electron/contract/setup.ts'
import { StateShape } from '../../parts/state-shape.tsx'
import { stopWatch } from './view.ts'

const CommandText = ({ command }: { command: ShownCommand }) => {
  const { t } = useTranslation('setup')
  return (
    <>
      <code>{command.text}</code>
      {command.as === 'root' ? <span className="setup-root">{t('screen.root')}</span> : null}
      {command.content ? <pre>{command.content}</pre> : null}
    </>
  )
}

export const Stall = ({ run, usual, now }: { run: SetupRun; usual: number; now: number }) => {
  const { t } = useTranslation('setup')
  const { wait } = run
  if (!wait) return null
  const code = waitErrors[wait.code]
  return (
    <div className="setup-stall" role="status">
      <h3>
        <StateShape state="attention" />
        <span>{t(`waits.${wait.code}.what`, wait.facts)}</span>
        <time>
          {stopWatch(now - wait.since)}
          {usual > 0 ? <small>{t('screen.usually', { time: stopWatch(usual * 1000) })}</small> : null}
        </time>
      </h3>
      <p>{t(`waits.${wait.code}.next`, wait.facts)}</p>
      {code === undefined ? null : <code className="error-id">{errorIds[code]}</code>}
    </div>
  )
}

export const StepSheet = ({ step, next }: { step: PlannedStep; next: PlannedStep | undefined }) => {
  const { t } = useTranslation('setup')
  const touches = [...new Set(step.commands.flatMap(command => command.touches))]
  return (
    <>
      <dl>
        {step.note ? (
          <div>
            <dt>{t('screen.rows.found')}</dt>
            <dd>{t(`notes.${step.note}`, step.facts)}</dd>
          </div>
        ) : null}
        {step.commands.map(command => (
          <div key={`${command.text} ${command.why}`}>
            <dt>{t('screen.rows.command')}</dt>
            <dd>
              <CommandText command={command} />
              <p>{t(`why.${command.why}`)}</p>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('screen.rows.done')}</dt>
          <dd>{t(`steps.${step.id}.done`)}</dd>
        </div>
        {touches.length > 0 ? (
          <div>
            <dt>{t('screen.rows.touches')}</dt>
            <dd className="setup-touches">
              {touches.map(touch => (
                <code key={touch}>{touch}</code>
              ))}
            </dd>
          </div>
        ) : null}
        {step.commands.length > 0 ? (
          <div>
            <dt>{t('screen.rows.undo')}</dt>
            <dd>
              {step.undo.length === 0
                ? t('screen.nothingToUndo')
                : step.undo.map(command => (
                    <div key={command.text}>
                      <CommandText command={command} />
                    </div>
                  ))}
            </dd>
          </div>
        ) : null}
      </dl>
      <p className="setup-then">
        <span>{t('screen.then')}</span>
        {next ? t(`steps.${next.id}.title`) : t('screen.last')}
      </p>
    </>
  )
}
