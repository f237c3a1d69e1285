// The keys of a talk, the same in the audience's and the presenter's window; clickers send PageUp and PageDown.

import { useEffect } from 'react'
import type { Talk } from './use-talk.ts'

const steps: Record<string, number> = { ArrowRight: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, PageUp: -1, Home: -1000, End: 1000 }

/** `more` holds what else a window listens to, by key. Typing in a field or terminal is left alone. */
export const useTalkKeys = ({ turn, blank }: Talk, more: Record<string, () => void> = {}): void => {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target.closest('input, textarea, [contenteditable], .xterm, [role="menu"]')
      )
        return
      const isPart = target.closest('[data-part]') !== null
      const step = steps[event.key]
      if (step !== undefined && !(event.key === ' ' && (isPart || target.closest('button')))) turn(step)
      else if (event.key === 'b' || event.key === 'B' || event.key === '.') blank()
      else if (more[event.key.toLowerCase()]) more[event.key.toLowerCase()]?.()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [turn, blank, more])
}
