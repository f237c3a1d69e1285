// The terminal's colours, read from the page's tokens, so that it wears the theme of everything around it.

import type { ITheme } from '@xterm/xterm'

const colours = {
  foreground: '--ink-2',
  background: '--sunken',
  cursor: '--accent',
  cursorAccent: '--sunken',
  selectionBackground: '--term-selection',
  selectionInactiveBackground: '--term-selection',
  black: '--term-black',
  red: '--term-red',
  green: '--term-green',
  yellow: '--term-yellow',
  blue: '--accent-ink',
  magenta: '--term-magenta',
  cyan: '--term-cyan',
  white: '--ink-2',
  brightBlack: '--ink-3',
  brightRed: '--term-bright-red',
  brightGreen: '--term-bright-green',
  brightYellow: '--term-bright-yellow',
  brightBlue: '--term-bright-blue',
  brightMagenta: '--term-bright-magenta',
  brightCyan: '--term-bright-cyan',
  brightWhite: '--ink',
  scrollbarSliderBackground: '--line',
  scrollbarSliderHoverBackground: '--line-strong',
  scrollbarSliderActiveBackground: '--line-strong',
  overviewRulerBorder: '--sunken',
} as const

/** Tokens hold `light-dark()`, which only a used colour resolves; so each is asked of an element that wears it. */
export const readColours = <N extends string>(within: HTMLElement, tokens: Readonly<Record<N, string>>): Record<N, string> => {
  const probe = document.createElement('i')
  probe.hidden = true
  within.append(probe)
  const read = (token: string): string => {
    probe.style.color = `var(${token})`
    return toHex(getComputedStyle(probe).color)
  }
  const found = Object.entries<string>(tokens).map(([name, token]) => [name, read(token)])
  probe.remove()
  return Object.fromEntries(found)
}

/** `rgb(1, 2, 3)` as `#010203`, the form that xterm takes everywhere. */
const toHex = (colour: string): string => {
  const parts = colour.match(/[\d.]+/g) ?? []
  return `#${parts
    .slice(0, 3)
    .map(part => Math.round(Number(part)).toString(16).padStart(2, '0'))
    .join('')}`
}

export const readTheme = (within: HTMLElement): ITheme => readColours(within, colours)

/** Calls back after each change of theme, ours or the system's. */
export const watchTheme = (onChange: () => void): (() => void) => {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const observer = new MutationObserver(onChange)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] })
  system.addEventListener('change', onChange)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', onChange)
  }
}
