// The word of a control that shows only a symbol, and its key.

import type { ReactElement } from 'react'
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components'
import { Key } from './button.tsx'
import './tooltip.css'

/** @param children one control that can be focused */
export const Tooltip = ({ text, keys, children }: { text: string; keys?: string; children: ReactElement }) => (
  <TooltipTrigger delay={400} closeDelay={50}>
    {children}
    <AriaTooltip className="tooltip" offset={6}>
      {text}
      {keys ? <Key>{keys}</Key> : null}
    </AriaTooltip>
  </TooltipTrigger>
)
