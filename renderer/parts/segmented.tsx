// One of a few, all in sight.

import type { ReactNode } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import './segmented.css'

export interface Choice<T extends string> {
  id: T
  text: ReactNode
}

export const Segmented = <T extends string>(props: {
  label: string
  choices: readonly Choice<NoInfer<T>>[]
  value: T
  onChange(value: NoInfer<T>): void
}) => (
  <ToggleButtonGroup
    className="segmented"
    aria-label={props.label}
    selectionMode="single"
    disallowEmptySelection
    selectedKeys={[props.value]}
    onSelectionChange={keys => {
      const chosen = props.choices.find(choice => keys.has(choice.id))
      if (chosen) props.onChange(chosen.id)
    }}
  >
    {props.choices.map(choice => (
      <ToggleButton key={choice.id} id={choice.id} className="segment">
        {choice.text}
      </ToggleButton>
    ))}
  </ToggleButtonGroup>
)
