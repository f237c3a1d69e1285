// An xterm in an element: font, theme, addons and keys. It knows no host; whoever opens it feeds it and hears it.

import { ClipboardAddon } from '@xterm/addon-clipboard'
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { drawFast } from './graphics.ts'
import { followPrompts, type Prompts } from './prompts.ts'
import { readTheme, watchTheme } from './theme.ts'

const font = '"JetBrains Mono", "Noto Sans SC Variable", monospace'
/** In pixels, where nobody asks for another. */
export const usualFontSize = 12.5
/** JetBrains Mono is 16.5 px high at this size; with this factor a row is 19 px. */
const lineHeight = 1.15

export interface OpenTerminal {
  xterm: Terminal
  search: SearchAddon
  prompts: Prompts
  /** Fits columns and rows to the element. */
  fit(): void
  dispose(): void
}

export interface TerminalWords {
  /** For screen readers: which terminal it is. */
  input: string
  tooMuch: string
  link: string
}

export interface TerminalEvents {
  onFind(): void
  /** The clipboard may not be read without the browser's own paste. */
  onPasteDenied(): void
}

/** Widths are measured when it opens, so its font must be there first. */
export const loadFont = (): Promise<unknown> =>
  Promise.all(['400', '500'].map(weight => document.fonts.load(`${weight} ${usualFontSize}px "JetBrains Mono"`)))

export const openTerminal = (
  element: HTMLElement,
  words: TerminalWords,
  { onFind, onPasteDenied }: TerminalEvents,
  fontSize: number = usualFontSize,
): OpenTerminal => {
  const openLink = (event: MouseEvent, uri: string) => {
    if (event.ctrlKey || event.metaKey) window.open(uri, '_blank', 'noopener')
  }
  const hover = () => {
    element.title = words.link
  }
  const leave = () => element.removeAttribute('title')
  Terminal.strings.promptLabel = words.input
  Terminal.strings.tooMuchOutput = words.tooMuch
  const xterm = new Terminal({
    allowProposedApi: true,
    fontFamily: font,
    fontSize,
    fontWeight: '400',
    fontWeightBold: '500',
    lineHeight,
    scrollback: 10_000,
    cursorBlink: false,
    cursorInactiveStyle: 'outline',
    drawBoldTextInBrightColors: false,
    // Programs may choose any of 16 million colours; what they choose stays readable on our ground.
    minimumContrastRatio: 4.5,
    rightClickSelectsWord: false,
    overviewRuler: { width: 10 },
    theme: readTheme(element),
    linkHandler: { activate: openLink, hover, leave, allowNonHttpProtocols: false },
  })
  const fitter = new FitAddon()
  const search = new SearchAddon()
  xterm.loadAddon(fitter)
  xterm.loadAddon(search)
  xterm.loadAddon(new Unicode11Addon())
  xterm.unicode.activeVersion = '11'
  xterm.loadAddon(new WebLinksAddon(openLink, { hover, leave }))
  // A program may put words on the clipboard (OSC 52) but never read it: it may run in somebody else's container.
  xterm.loadAddon(
    new ClipboardAddon(undefined, { readText: () => '', writeText: (_, text) => navigator.clipboard.writeText(text) }),
  )
  const prompts = followPrompts(xterm)
  xterm.open(element)
  void drawFast(xterm)

  xterm.attachCustomKeyEventHandler(event => {
    if (!event.ctrlKey || event.altKey || event.metaKey) return true
    if (event.code === 'Backquote') return false
    if (!event.shiftKey) return true
    if (event.code === 'KeyC') {
      if (event.type === 'keydown') copy()
      event.preventDefault()
      return false
    }
    if (event.code === 'KeyF') {
      if (event.type === 'keydown') onFind()
      event.preventDefault()
      return false
    }
    // The browser pastes into the terminal's own text field; that needs no permission.
    return event.code !== 'KeyV' && event.code !== 'KeyP'
  })
  const copy = () => {
    if (xterm.hasSelection()) void navigator.clipboard.writeText(xterm.getSelection())
  }
  /** Right click: copies what is selected, else pastes; as terminals on a desktop do. */
  const onContextMenu = (event: MouseEvent) => {
    if (xterm.modes.mouseTrackingMode !== 'none' && !event.shiftKey) return
    event.preventDefault()
    if (xterm.hasSelection()) {
      copy()
      xterm.clearSelection()
    } else navigator.clipboard.readText().then(text => xterm.paste(text), onPasteDenied)
  }
  element.addEventListener('contextmenu', onContextMenu)
  const stopTheme = watchTheme(() => {
    xterm.options.theme = readTheme(element)
  })

  return {
    xterm,
    search,
    prompts,
    fit: () => fitter.fit(),
    dispose: () => {
      stopTheme()
      element.removeEventListener('contextmenu', onContextMenu)
      leave()
      xterm.dispose()
    },
  }
}
