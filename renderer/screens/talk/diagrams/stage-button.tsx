// A button on a slide, in the slide's own units: it grows with the slide, as everything on it.

import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { Icon, type IconName } from '../../../parts/icon.tsx'

interface StageButtonProps {
  label: string
  icon?: IconName
  look?: 'name'
  isPressed?: boolean
  onPress?(): void
  children?: ReactNode
}

export const StageButton = ({ label, icon, look, isPressed, onPress, children }: StageButtonProps) => (
  <Button className={`stage-button${look ? ` is-${look}` : ''}`} aria-label={label} aria-pressed={isPressed} onPress={onPress}>
    {icon && <Icon name={icon} />}
    {children}
  </Button>
)
