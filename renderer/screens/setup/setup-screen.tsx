// Setup, for now as an honest outline: what the installer will do to this machine, step by step. It changes nothing.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StateShape } from '../../parts/state-shape.tsx'
import { PractiseNow } from '../welcome/practise-now.tsx'
import { type OutlineStep, outline } from './outline.ts'
import './setup-screen.css'

const Fact = ({ name, text, isCode }: { name: string; text: string; isCode?: boolean }) => (
  <div>
    <dt>{name}</dt>
    <dd>{isCode ? <code>{text}</code> : text}</dd>
  </div>
)

const Step = ({ step, next }: { step: OutlineStep; next: OutlineStep | undefined }) => {
  const { t } = useTranslation('setup')
  const say = (part: string) => t(`steps.${step.id}.${part}`)
  const undo = step.undo ?? (step.hasUndoWords ? say('undo') : t('undoNothing'))
  return (
    <section className="setup-step" aria-live="polite">
      <h2>{say('title')}</h2>
      <dl>
        <Fact name={t('rows.what')} text={say('what')} />
        {step.command ? <Fact name={t('rows.command')} text={step.command} isCode /> : null}
        <Fact name={t('rows.why')} text={say('why')} />
        <Fact name={t('rows.done')} text={say('done')} />
        <Fact name={t('rows.touches')} text={say('touches')} />
        <Fact name={t('rows.undo')} text={undo} isCode={step.undo !== undefined} />
      </dl>
      <p className="setup-then">
        <span>{t('next')}</span>
        {next ? t(`steps.${next.id}.title`) : t('last')}
      </p>
    </section>
  )
}

export const SetupScreen = () => {
  const { t } = useTranslation('setup')
  const [chosen, setChosen] = useState(0)
  const step = outline[chosen] as OutlineStep
  return (
    <div className="screen setup">
      <header className="setup-over">
        <h1>{t('title')}</h1>
        <p className="muted">{t('about')}</p>
      </header>
      <nav className="setup-plan" aria-label={t('plan')}>
        <ol>
          {outline.map(({ id }, index) => (
            <li key={id}>
              <button type="button" aria-current={index === chosen ? 'step' : undefined} onClick={() => setChosen(index)}>
                <StateShape state="pending" />
                <span>{t(`steps.${id}.title`)}</span>
                <time>{t(`steps.${id}.time`)}</time>
              </button>
            </li>
          ))}
        </ol>
        <p className="setup-sum">
          {t('total')}
          <br />
          {t('none')}
        </p>
      </nav>
      <Step step={step} next={outline[chosen + 1]} />
      <aside className="setup-now">
        <h2>{t('nowTitle')}</h2>
        <p>{t('nowAbout')}</p>
        <div className="setup-start">
          <PractiseNow words={t('nowStart')} />
        </div>
        <p className="small">{t('already')}</p>
      </aside>
    </div>
  )
}
