// A menu that drops from its button.

import type { ReactElement, ReactNode } from 'react'
import { Menu as AriaMenu, type MenuProps, MenuTrigger, Popover } from 'react-aria-components'
import './menu.css'

/** Give MenuItems the class `menu-item`, sections `menu-section`. @param footer a few words or a button below the items */
export const Menu = <T extends object>(
  props: MenuProps<T> & {
    trigger: ReactElement
    label: string
    footer?: ReactNode
    placement?: 'bottom start' | 'bottom end' | 'top start'
  },
) => {
  const { trigger, label, footer, placement = 'bottom end', ...rest } = props
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="menu-popover" placement={placement} offset={6}>
        <AriaMenu {...rest} aria-label={label} className="menu" />
        {footer ? <div className="menu-footer">{footer}</div> : null}
      </Popover>
    </MenuTrigger>
  )
}
