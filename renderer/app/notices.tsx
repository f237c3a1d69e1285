// What concerns the whole window: a lost link, and an act that failed without a place of its own.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/button.tsx'
import { ErrorPanel } from '../parts/error-panel.tsx'
import { StateShape } from '../parts/state-shape.tsx'
import { useAppState, useLink, useView } from '../state/use-state.ts'

const LostLink = ({ since }: { since: number }) => {
  const { t } = useTranslation('shell')
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.round((now - since) / 1000))
  // A restart of the host is over in a moment; only a wait that one notices needs words.
  if (seconds < 1) return null
  return (
    <section className="notice attention" role="status">
      <StateShape state="attention" />
      <p>
        <b>{t('link.lost')}</b> {t('link.stale')}
      </p>
      <span className="gap" />
      <span className="faint num">{t('link.for', { seconds })}</span>
    </section>
  )
}

export const Notices = () => {
  const { t } = useTranslation('shell')
  const { view } = useAppState()
  const { link, since } = useLink()
  const failure = useView(({ failure }) => failure)
  return (
    <>
      {link === 'lost' || link === 'closed' ? <LostLink since={since} /> : null}
      {failure ? (
        <section className="notice failed" aria-label={t('failure.label')}>
          <ErrorPanel
            error={failure}
            acts={<Button onPress={() => view.setState({ failure: undefined })}>{t('failure.dismiss')}</Button>}
          />
        </section>
      ) : null}
    </>
  )
}
