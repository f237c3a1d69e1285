// A command as it stands on something to click: it breaks at its spaces only, so that a flag or a name stays whole while it fits.

import { Fragment, useEffect } from 'react'
import './run-line.css'

/** Put it into a button of the class `run`; `is-next` washes the one to run next. */
export const RunLine = ({ text }: { text: string }) => (
  <code>
    {[...text.matchAll(/\S+/g)].map(word => (
      <Fragment key={word.index}>
        {word.index > 0 && ' '}
        <span>{word[0]}</span>
      </Fragment>
    ))}
  </code>
)

/** Enter runs the next command, unless somebody is typing or on a control. */
export const useEnter = (run: (() => void) | undefined): void => {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.key !== 'Enter' || event.ctrlKey || event.altKey || event.metaKey || event.repeat || !run) return
      if (target.closest('input, textarea, button, a, summary, [role="menu"], [role="dialog"], [role="alertdialog"], .xterm'))
        return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [run])
}
