// Finds words in a terminal's scrollback.

import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../button.tsx'
import { Icon } from '../icon.tsx'
import type { OpenTerminal } from './open-terminal.ts'
import { readColours } from './theme.ts'

const marks = {
  matchBackground: '--term-match',
  activeMatchBackground: '--term-match-now',
  matchOverviewRuler: '--accent-mid',
  activeMatchColorOverviewRuler: '--accent',
}

export const FindBar = ({ terminal, onClose }: { terminal: OpenTerminal; onClose(): void }) => {
  const { t } = useTranslation('terminal')
  const { search, xterm } = terminal
  const field = useRef<HTMLInputElement>(null)
  const [words, setWords] = useState(() => xterm.getSelection().split('\n')[0] ?? '')
  const [found, setFound] = useState({ resultIndex: -1, resultCount: 0 })

  useEffect(() => {
    field.current?.select()
    const listener = search.onDidChangeResults(setFound)
    return () => listener.dispose()
  }, [search])

  const find = (direction: 'next' | 'previous', text = words, incremental = false) => {
    const options = { decorations: xterm.element ? readColours(xterm.element, marks) : undefined, incremental }
    if (text === '') search.clearDecorations()
    else if (direction === 'next') search.findNext(text, options)
    else search.findPrevious(text, options)
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
    else if (event.key === 'Enter') find(event.shiftKey ? 'next' : 'previous')
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const { resultIndex, resultCount } = found
  return (
    <search className="terminal-find" aria-label={t('find.label')}>
      <input
        ref={field}
        type="search"
        value={words}
        placeholder={t('find.placeholder')}
        aria-label={t('find.label')}
        onKeyDown={press}
        onChange={event => {
          setWords(event.target.value)
          find('previous', event.target.value, true)
        }}
      />
      <output className="terminal-found">
        {words === '' ? '' : resultCount === 0 ? t('find.none') : t('find.count', { n: resultIndex + 1, total: resultCount })}
      </output>
      <Button look="ghost" square aria-label={t('find.previous')} onPress={() => find('previous')}>
        <span className="terminal-up">
          <Icon name="down" small />
        </span>
      </Button>
      <Button look="ghost" square aria-label={t('find.next')} onPress={() => find('next')}>
        <Icon name="down" small />
      </Button>
      <Button look="ghost" square aria-label={t('find.close')} onPress={onClose}>
        <Icon name="close" small />
      </Button>
    </search>
  )
}
