// The first way: one press, named steps while one waits, and lab 01.

import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toAppError, type WireError } from '../../../electron/contract/errors.ts'
import { useApi } from '../../api/use-api.ts'
import { Button, Key } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { StateShape } from '../../parts/state-shape.tsx'
import { objectsOf } from '../../state/objects.ts'
import { useAppState, useAttempt, useObjects, useTargets } from '../../state/use-state.ts'
import { isStarted, type StartStep, startSteps } from './starting.ts'
import './practise-now.css'

const firstLab = '01-pod'

/** Seconds since a moment, for as long as there is one. */
const useSeconds = (since: number | undefined): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (since === undefined) return
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [since])
  return since === undefined ? 0 : Math.max(0, now - since) / 1000
}

const Steps = ({ steps, nodes, seconds }: { steps: readonly StartStep[]; nodes: number; seconds: number }) => {
  const { t } = useTranslation('welcome')
  const shapes = { done: 'ready', now: 'progressing', later: 'pending' } as const
  return (
    <ol className="welcome-steps" aria-label={t('steps.label')} aria-live="polite">
      {steps.map(({ id, state }) => (
        <li key={id} className={state}>
          <StateShape state={shapes[state]} />
          <span>
            {id === 'nodes' ? (nodes > 0 ? t('steps.nodes', { count: nodes }) : t('steps.nodesSoon')) : t(`steps.${id}`)}
          </span>
          {state === 'now' ? <time>{t('steps.seconds', { seconds: seconds.toFixed(1) })}</time> : null}
        </li>
      ))}
    </ol>
  )
}

/** @param words on the button, where it is not the view's first: then it is not filled either, as a view has one such */
export const PractiseNow = ({ words }: { words?: string }) => {
  const { t } = useTranslation('welcome')
  const api = useApi()
  const { router } = useAppState()
  const attempt = useAttempt()
  const { value: targets } = useTargets()
  const { value: objects } = useObjects()
  const [startedAt, setStartedAt] = useState<number>()
  const [isAsked, setAsked] = useState(false)
  const [error, setError] = useState<WireError>()
  const seconds = useSeconds(startedAt)

  const practice = targets?.targets.find(target => target.kind === 'practice')
  const nodes = objects && objects.cluster === practice?.id ? objectsOf(objects, 'Node') : []
  const steps = startSteps(isAsked, practice, nodes)
  const isGoing = startedAt !== undefined
  const isThere = isGoing && targets?.current === practice?.id && isStarted(steps)
  const failed = error ?? (isGoing && practice?.state === 'failed' ? practice.error : undefined)

  useEffect(() => {
    if (!isThere) return
    void attempt(() => api.app.configure({ welcomed: true }))
    router.go({ screen: 'labs', id: firstLab })
  }, [isThere, api, router, attempt])

  const start = async () => {
    setError(undefined)
    setAsked(false)
    setStartedAt(Date.now())
    try {
      await api.cluster.use({ id: practice?.id ?? 'practice' })
      setAsked(true)
    } catch (fault) {
      setError(toAppError(fault).toWire())
      setStartedAt(undefined)
    }
  }

  const begin = useRef(start)
  begin.current = start
  // Enter starts from anywhere on the first screen, as the button says; where something has the focus, Enter is its own.
  const canEnter = !words && !isGoing && !failed
  useEffect(() => {
    if (!canEnter) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && !event.defaultPrevented && document.activeElement === document.body) void begin.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [canEnter])

  if (failed)
    return (
      <ErrorPanel
        error={failed}
        acts={
          <Button look="primary" onPress={() => void start()}>
            {t('practice.again')}
          </Button>
        }
      />
    )
  if (isGoing) return <Steps steps={steps} nodes={nodes.length} seconds={seconds} />
  return (
    <Button look={words ? 'plain' : 'primary'} large={!words} onPress={() => void start()}>
      {words ?? t('practice.start')} {words ? null : <Key>Enter</Key>}
    </Button>
  )
}
