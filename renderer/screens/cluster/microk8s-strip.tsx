// Under the sheet of MicroK8s: start it, stop it, inspect it, add a machine; each in a terminal that shows what runs.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { TerminalView } from '../../parts/terminal/terminal-view.tsx'
import { useAppState, useAttempt, useTerminals } from '../../state/use-state.ts'
import './microk8s-strip.css'

type Verb = 'start' | 'stop' | 'inspect' | 'add-node'
const icons: Record<Verb, IconName> = { start: 'play', stop: 'stop', inspect: 'search', 'add-node': 'plus' }
/** Until the terminal has measured itself. */
const size = { cols: 100, rows: 14 }

/** @param isUp whether the cluster answers: then it can be stopped, else started */
export const Microk8sStrip = ({ isUp }: { isUp: boolean }) => {
  const { t } = useTranslation('cluster')
  const api = useApi()
  const attempt = useAttempt()
  const { view } = useAppState()
  const { programs } = useTerminals()
  const [id, setId] = useState<string>()
  const session = programs.find(program => program.id === id)
  const verbs: readonly Verb[] = isUp ? ['stop', 'inspect', 'add-node'] : ['start', 'inspect']
  const run = (verb: Verb) => void attempt(async () => setId((await api.setup.manage({ verb, ...size })).terminal))
  return (
    <section className="microk8s-strip" aria-label="MicroK8s">
      {session ? (
        <div className="microk8s-terminal">
          <TerminalView
            key={session.id}
            calls={api.terminal}
            session={session}
            onBell={() => {}}
            onError={failure => view.setState({ failure })}
          />
        </div>
      ) : null}
      <div className="microk8s-acts">
        {verbs.map(verb => (
          <Button key={verb} isDisabled={session?.running === true} onPress={() => run(verb)}>
            <Icon name={icons[verb]} small />
            {t(`microk8s.${verb}`)}
          </Button>
        ))}
        <span className="gap" />
        {session && !session.running ? (
          <Button look="ghost" onPress={() => setId(undefined)}>
            {t('microk8s.close')}
          </Button>
        ) : null}
      </div>
    </section>
  )
}
