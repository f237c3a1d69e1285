// The clock on the presenter's desk: how long the talk has been going, against the plan, in words and as a line.

import { type CSSProperties, useEffect, useMemo, useState } from 'react'
import { Group, Input, Label, NumberField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { type Deck, elapsedMs, type Plan, type Timer } from '../../../../electron/contract/talk.ts'
import { Button } from '../../../parts/button.tsx'
import { type StateName, StateShape, stateInk } from '../../../parts/state-shape.tsx'
import { clockText, spanText } from './clock.ts'
import { type Pace, paceOf, planned } from './pace.ts'

const shapes: Record<Pace['state'], StateName> = { onTime: 'ready', early: 'progressing', late: 'attention', over: 'attention' }

/** The time, twice a second. */
const useNow = (): number => {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return now
}

interface TimerBarProps {
  deck: Deck
  index: number
  timer: Timer
  plan: Plan
  onTimer(timer: Timer): void
  onToggle(): void
  onMinutes(minutes: number | null): void
}

export const TimerBar = ({ deck, index, timer, plan, onTimer, onToggle, onMinutes }: TimerBarProps) => {
  const { t } = useTranslation('talk')
  const now = useNow()
  const elapsed = elapsedMs(timer, now)
  const isFresh = timer.startedAt === null && timer.before === 0
  const shares = useMemo(() => planned(deck.slides, plan), [deck, plan])
  const pace = paceOf(shares, index, elapsed)
  const end = Math.max(shares.at(-1)?.to ?? 1, 1)
  const part = (ms: number) => `${Math.min(100, (ms / end) * 100)}%`
  const { from = 0, to = 0 } = shares[index] ?? {}
  return (
    <div className="presenter-timer">
      <time title={t('timer.elapsed')}>{clockText(elapsed)}</time>
      <NumberField
        className="presenter-target"
        value={plan.minutes ?? Number.NaN}
        minValue={1}
        maxValue={600}
        onChange={minutes => onMinutes(Number.isNaN(minutes) ? null : minutes)}
      >
        <Label>{t('timer.of')}</Label>
        <Group>
          <Input className="input" placeholder="—" />
        </Group>
        <span>{t('timer.minutes')}</span>
      </NumberField>
      {plan.minutes !== null && !isFresh && (
        <span className={`presenter-pace ${stateInk(shapes[pace.state])}`} role="status">
          <StateShape state={shapes[pace.state]} /> {t(`pace.${pace.state}`, { span: spanText(t, pace.ms) })}
        </span>
      )}
      <Button look="ghost" onPress={onToggle}>
        {timer.startedAt !== null ? t('timer.pause') : isFresh ? t('timer.start') : t('timer.goOn')}
      </Button>
      {!isFresh && (
        <Button look="ghost" onPress={() => onTimer({ startedAt: null, before: 0 })}>
          {t('timer.reset')}
        </Button>
      )}
      {plan.minutes !== null && (
        <div className={`presenter-line is-${pace.state}`} aria-hidden="true">
          <i className="line-slide" style={{ left: part(from), width: part(to - from) } as CSSProperties} />
          <i className="line-elapsed" style={{ width: part(elapsed) }} />
        </div>
      )}
    </div>
  )
}
