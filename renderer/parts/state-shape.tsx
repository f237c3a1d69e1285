// States by colour and shape: the word beside it is the caller's, and never missing.

import './state-shape.css'

export type StateName = 'ready' | 'progressing' | 'pending' | 'failed' | 'attention' | 'leaving'

/** @param label for a shape that stands without its word, such as a Pod's disc in a row of them */
export const StateShape = ({ state, label }: { state: StateName; label?: string }) =>
  label ? (
    <i className={`state-shape ${state}`} role="img" aria-label={label} title={label} />
  ) : (
    <i className={`state-shape ${state}`} aria-hidden="true" />
  )

/** The class that colours a state's word. */
export const stateInk = (state: StateName): string => `state-ink ${state}`
