// An error as a reader needs it: what happened, why, what to do, and the id that the docs explain.

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { errorIds, type WireError } from '../../electron/contract/errors.ts'
import { StateShape } from './state-shape.tsx'
import './error-panel.css'

/** @param acts the best next action first, as buttons. @param look `page` where nothing else is on the screen */
export const ErrorPanel = ({
  error,
  acts,
  look = 'inline',
}: {
  error: WireError
  acts?: ReactNode
  look?: 'inline' | 'page'
}) => {
  const { t } = useTranslation('errors')
  const details = error.details ?? {}
  const say = (part: 'what' | 'why' | 'next') => t(`${error.code}.${part}`, details)
  const told = `${say('what')}${say('why')}${say('next')}`
  // `wrong` chose the sentence; it is no fact
  const untold = Object.entries(details).filter(
    ([name, value]) => name !== 'wrong' && value !== '' && !told.includes(String(value)),
  )
  const Title = look === 'page' ? 'h1' : 'h3'
  return (
    <section className={`error-panel ${look}`} role="alert">
      <Title>
        <StateShape state="failed" />
        <span>{say('what')}</span>
      </Title>
      <p>{say('why')}</p>
      <p>{say('next')}</p>
      {untold.length > 0 ? (
        <pre className="error-facts">{untold.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>
      ) : null}
      <div className="error-acts">
        {acts}
        <code className="error-id">{errorIds[error.code]}</code>
      </div>
    </section>
  )
}
