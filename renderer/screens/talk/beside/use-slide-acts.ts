// What the slide at hand does with the cluster, and the presses that make it do so; the same in the audience's and the presenter's window.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toAppError, type WireError } from '../../../../electron/contract/errors.ts'
import { language as languageSchema } from '../../../../electron/contract/shapes.ts'
import type { Doing } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'
import type { Acts } from '../keys.ts'
import type { Talk } from '../use-talk.ts'

type Shown = Talk['beside']

export interface SlideActs {
  /** Undefined while it is not known, or where the slide does nothing. */
  doing: Doing | undefined
  isArmed: boolean
  /** Why the last press in this window came to nothing. */
  failure: WireError | undefined
  /** This window brought the terminal, so it takes the keys. */
  wantsTerminal: boolean
  fail(error: unknown): void
  run(): void
  /** Brings the terminal beside the slide, or takes it away. */
  toggleTerminal(): void
  /** Lets the slide turn by itself when it is ready, or not. */
  toggleArmed(): void
  /** The same for the keys. */
  keys: Acts
  /** Puts the slide's task back to how it began. */
  again(): void
}

const toggled: Record<Shown, Shown> = { nothing: 'terminal', terminal: 'nothing', chart: 'both', both: 'chart' }
const hasTerminal = (shown: Shown): boolean => shown === 'terminal' || shown === 'both'

export const useSlideActs = ({ slide, position, beside, go }: Pick<Talk, 'slide' | 'position' | 'beside' | 'go'>): SlideActs => {
  const api = useApi()
  const { i18n } = useTranslation()
  const [told, setTold] = useState<Doing | null>(null)
  const [failed, setFailed] = useState<{ slide?: string; error: WireError }>()
  const [wantedOn, setWantedOn] = useState<string>()
  useEffect(
    () => api.talk.doing({ language: languageSchema.parse(i18n.language) }, setTold, { onError: () => setTold(null) }),
    [api, i18n.language],
  )

  const fail = (error: unknown) => setFailed({ slide: slide?.id, error: toAppError(error).toWire() })
  const attempt = (work: () => Promise<unknown>) => {
    setFailed(undefined)
    work().catch(fail)
  }
  const doing = told && told.slide === slide?.id ? told : undefined
  const isArmed = position?.isArmed ?? slide?.advance === 'ready'
  const acts = {
    doing,
    isArmed,
    failure: failed && failed.slide === slide?.id ? failed.error : undefined,
    wantsTerminal: wantedOn !== undefined && wantedOn === slide?.id,
    fail,
    run: () => {
      // before it is known what the slide does, a press counts too: the host knows
      if (slide?.command && doing?.next?.state !== 'running') attempt(() => api.talk.run({ slide: slide.id }))
    },
    toggleTerminal: () => {
      const next = toggled[beside]
      setWantedOn(hasTerminal(next) ? slide?.id : undefined)
      go({ beside: next })
    },
    toggleArmed: () => {
      if (slide?.lesson && !slide.action) go({ isArmed: !isArmed })
    },
    again: () => {
      const { lesson, task } = doing ?? {}
      if (lesson && task) attempt(() => api.lessons.resetTask({ lesson, task }))
    },
  }
  return { ...acts, keys: { run: acts.run, terminal: acts.toggleTerminal, arm: acts.toggleArmed } }
}
