// Listens to the keys of a talk, and to a slide's number before Enter.

import { useEffect, useRef, useState } from 'react'
import { type Acts, actOf } from './keys.ts'

/** What takes keys for itself. */
const typing = 'input, textarea, select, [contenteditable], .xterm, [role="dialog"], [role="alertdialog"], [role="menu"]'
/** What Space and Enter already mean something to. */
const pressable = 'button, a, summary, [data-part]'
/** What arrows already mean something to. */
const sliding = '[role="separator"], [role="radiogroup"], [role="slider"]'

/** More digits name no slide. */
const mostDigits = 3

/**
 * @param goTo is given the number that was typed before Enter, counted from 1
 * @returns the digits typed so far; empty: none
 */
export const useTalkKeys = (acts: Acts, goTo: (page: number) => void): string => {
  const [digits, setDigits] = useState('')
  // What the last drawing meant: keys are listened to once, not anew with each slide.
  const latest = useRef({ acts, goTo, digits })
  latest.current = { acts, goTo, digits }

  useEffect(() => {
    const type = (next: string) => {
      latest.current.digits = next
      setDigits(next)
    }
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (target.closest(typing)) return
      const { acts, goTo, digits } = latest.current
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
      if (isPlain && /^\d$/.test(event.key)) type((digits + event.key).slice(-mostDigits))
      else if (digits !== '' && ['Enter', 'Escape', 'Backspace'].includes(event.key)) {
        if (event.key === 'Enter') goTo(Number(digits))
        type(event.key === 'Backspace' ? digits.slice(0, -1) : '')
      } else {
        const act = actOf(event)
        const run = act && acts[act]
        if (!run || (event.key === ' ' && target.closest(pressable))) return
        if (event.key.startsWith('Arrow') && target.closest(sliding)) return
        type('')
        run()
      }
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  return digits
}
