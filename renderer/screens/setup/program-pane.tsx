// The terminal in which Setup runs: live, and it takes what is typed, such as a password.

import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/use-api.ts'
import { Icon } from '../../parts/icon.tsx'
import { TerminalView } from '../../parts/terminal/terminal-view.tsx'
import { useAppState, useTerminals } from '../../state/use-state.ts'

export const ProgramPane = ({ id, isRunning }: { id: string; isRunning: boolean }) => {
  const { t } = useTranslation('setup')
  const api = useApi()
  const { view } = useAppState()
  const { programs } = useTerminals()
  const session = programs.find(program => program.id === id)
  return (
    <section className="setup-program" aria-label={t('screen.terminal')}>
      <header>
        <b>
          <Icon name="term" small />
          {t('screen.terminal')}
        </b>
        <span>{t(isRunning ? 'screen.live' : 'screen.over')}</span>
      </header>
      {session ? (
        <TerminalView calls={api.terminal} session={session} onBell={() => {}} onError={failure => view.setState({ failure })} />
      ) : (
        <p className="muted">{t('screen.noTerminal')}</p>
      )}
    </section>
  )
}
