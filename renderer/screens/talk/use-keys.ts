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

/** Ctrl+`, as on every other screen: it works in the terminal too. */
const isTerminalKey = ({ ctrlKey, shiftKey, altKey, code }: KeyboardEvent): boolean =>
  ctrlKey && !shiftKey && !altKey && code === 'Backquote'

/** A clicker can only page: it turns slides from within the terminal as well. */
const isClick = ({ key, shiftKey, target }: KeyboardEvent): boolean =>
  /^Page(Up|Down)$/.test(key) && !shiftKey && (target as HTMLElement).closest('.xterm') !== null

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
    /** Before the terminal sees them. */
    const onFirst = (event: KeyboardEvent) => {
      const act = isTerminalKey(event) ? 'terminal' : isClick(event) ? actOf(event) : undefined
      const run = act && latest.current.acts[act]
      if (!run) return
      event.preventDefault()
      event.stopPropagation()
      run()
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
        if (!run || ([' ', 'Enter'].includes(event.key) && target.closest(pressable))) return
        if (event.key === 'Enter' && event.repeat) return
        if (event.key.startsWith('Arrow') && target.closest(sliding)) return
        type('')
        run()
      }
      event.preventDefault()
    }
    window.addEventListener('keydown', onFirst, { capture: true })
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onFirst, { capture: true })
      window.removeEventListener('keydown', onKeyDown)
    }
  }, [])
  return digits
}
