// What concerns the whole window: a lost link, and an act that failed without a place of its own.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Target } from '../../electron/contract/cluster.ts'
import { errorIds } from '../../electron/contract/errors.ts'
import { useApi } from '../api/use-api.ts'
import { Button } from '../parts/button.tsx'
import { ErrorPanel } from '../parts/error-panel.tsx'
import { StateShape } from '../parts/state-shape.tsx'
import type { Route } from '../state/route.ts'
import { useAppState, useAttempt, useCurrentTarget, useLink, useTargets, useView } from '../state/use-state.ts'

/** A restart of the host is over by then; from here on the reader has something to do. */
const restartSeconds = 3

const LostLink = ({ since }: { since: number }) => {
  const { t } = useTranslation(['shell', 'errors'])
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
        <b>{t('link.lost')}</b> {seconds < restartSeconds ? t('link.stale') : t('errors:connection.lost.next')}
      </p>
      <span className="gap" />
      <code className="error-id">{errorIds['connection.lost']}</code>
      <span className="faint num">{t('link.for', { seconds })}</span>
    </section>
  )
}

/** Where a lesson or a terminal needs the cluster: why there is none, and the press that brings it back. */
const ClusterNotice = ({ target, isNeeded }: { target: Target | undefined; isNeeded: boolean }) => {
  const { t } = useTranslation(['shell', 'labs'])
  const api = useApi()
  const attempt = useAttempt()
  const use = (id: string) => void attempt(() => api.cluster.use({ id }))
  if (target?.error)
    return (
      <section className="notice failed">
        <ErrorPanel
          error={target.error}
          acts={
            <Button look="primary" onPress={() => use(target.id)}>
              {t(target.kind === 'context' ? 'target.reconnect' : 'target.again')}
            </Button>
          }
        />
      </section>
    )
  if (!isNeeded || (target && target.state !== 'stopped')) return null
  return (
    <section className="notice attention" role="status">
      <StateShape state="attention" />
      <p>{t('labs:live.noCluster')}</p>
      <span className="gap" />
      <Button look="primary" onPress={() => use('practice')}>
        {t('target.start')}
      </Button>
    </section>
  )
}

/** Screens that tell of the cluster themselves, or have nothing to do with it. */
const isAbove: readonly Route['screen'][] = ['labs', 'settings', 'setup']

export const Notices = ({ route }: { route: Route }) => {
  const { t } = useTranslation('shell')
  const { value: targets } = useTargets()
  const target = useCurrentTarget()
  const { view } = useAppState()
  const { link, since } = useLink()
  const failure = useView(({ failure }) => failure)
  const isAsked = link === 'live' && isAbove.includes(route.screen)
  // What stopped a command is told once, with the way out.
  const isTold = isAsked && failure !== undefined && failure.code === target?.error?.code
  return (
    <>
      {link === 'lost' || link === 'closed' ? <LostLink since={since} /> : null}
      {targets && isAsked ? <ClusterNotice target={target} isNeeded={route.screen === 'labs' && route.id !== undefined} /> : null}
      {failure && !isTold ? (
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
