// How the slide's diagram is played: shared by every window, driven by the one in which somebody pressed play.

import { useCallback, useEffect, useRef, useState } from 'react'
import type { Play } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'
import { useAttempt } from '../../../state/use-state.ts'
import type { Step } from './story.ts'
import { hopMs } from './use-traffic.ts'

const stands: Play = { follow: null, node: null, isReplay: false, step: 0, speed: 1 }

export interface PlayControl {
  play: Play
  change(change: Partial<Play>): void
}

export const usePlay = (): PlayControl => {
  const api = useApi()
  const attempt = useAttempt()
  const [play, setPlay] = useState(stands)
  const told = useRef(stands)
  useEffect(() => {
    const take = ({ play: now }: { play: Play | null }) => {
      told.current = now ?? stands
      setPlay(told.current)
    }
    return api.talk.position({}, take)
  }, [api])
  const change = useCallback(
    (wish: Partial<Play>) => {
      told.current = { ...told.current, ...wish }
      setPlay(told.current)
      void attempt(() => api.talk.go({ play: told.current }))
    },
    [api, attempt],
  )
  return { play, change }
}

/** A moment has a write in, one to etcd, and one out to those whose turn it is. */
const momentMs = 3 * hopMs

/** How long a moment stays before the next: as long as it was, but never shorter than its pills fly. */
export const waitMs = (steps: readonly Step[], step: number, speed: number): number => {
  const [now, next] = [steps[step - 1]?.[0], steps[step]?.[0]]
  const gap = now && next ? next.at - now.at : 0
  return Math.max(gap, momentMs) / speed
}

/** Plays on while it is let: one moment after the other until the last. */
export const useAutoplay = (steps: readonly Step[], { play, change }: PlayControl) => {
  const [isPlaying, setPlaying] = useState(false)
  const { step, speed } = play
  useEffect(() => {
    if (!isPlaying) return
    if (step >= steps.length) {
      setPlaying(false)
      return
    }
    const timer = setTimeout(() => change({ step: step + 1 }), step === 0 ? 0 : waitMs(steps, step, speed))
    return () => clearTimeout(timer)
  }, [isPlaying, step, speed, steps, change])
  return {
    isPlaying,
    toggle: () => {
      if (!isPlaying && step >= steps.length) change({ step: 0 })
      setPlaying(!isPlaying)
    },
    stepOn: () => {
      setPlaying(false)
      change({ step: step >= steps.length ? 1 : step + 1 })
    },
    stop: () => setPlaying(false),
  }
}
