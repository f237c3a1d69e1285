// Buttons: one filled in a view, the rest hairline or bare.

import type { ReactNode, Ref } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps, Link as AriaLink } from 'react-aria-components'
import './button.css'

interface Look {
  look?: 'primary' | 'plain' | 'ghost'
  /** 44 px high, for the first screen and empty states. */
  large?: boolean
  /** Only a symbol; then `aria-label` is its word. */
  square?: boolean
}

const classOf = ({ look = 'plain', large, square }: Look): string =>
  ['button', look, large ? 'large' : '', square ? 'square' : ''].filter(Boolean).join(' ')

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'>, Look {
  children: ReactNode
  ref?: Ref<HTMLButtonElement>
}

export const Button = ({ look, large, square, children, ...rest }: ButtonProps) => (
  <AriaButton {...rest} className={classOf({ look, large, square })}>
    {children}
  </AriaButton>
)

/** A link that looks like a button, for what has an address. */
export const LinkButton = ({ href, children, ...look }: Look & { href: string; children: ReactNode }) => (
  <AriaLink href={href} className={classOf(look)}>
    {children}
  </AriaLink>
)

/** A key as printed on it. */
export const Key = ({ children }: { children: ReactNode }) => (
  <span className="key" aria-hidden="true">
    {children}
  </span>
)
