// What the look at the machine found: what blocks first, then what is worth knowing; what is right folded into one line.

import { useTranslation } from 'react-i18next'
import type { CheckResult, SetupState } from '../../../electron/contract/setup.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { StateShape } from '../../parts/state-shape.tsx'
import { useAttempt } from '../../state/use-state.ts'
import { PractiseNow } from '../welcome/practise-now.tsx'
import { BundleChoice } from './bundle-choice.tsx'
import { Wishes } from './wishes.tsx'

const shapes = { blocker: 'failed', warning: 'attention', unknown: 'leaving', pass: 'ready' } as const
const order = ['blocker', 'warning', 'unknown'] as const

const Finding = ({ check }: { check: CheckResult }) => {
  const { t, i18n } = useTranslation('setup')
  const api = useApi()
  const attempt = useAttempt()
  const { choice } = check
  const hasAdvice = check.fix === 'yours' && i18n.exists(`setup:checks.${check.id}.fix`)
  const say = (part: string) => t(`checks.${check.id}.${part}`, check.facts)
  return (
    <li className={check.state}>
      <StateShape state={shapes[check.state]} />
      <div>
        <h3>
          {say('title')}
          <span className="unseen">{t(`screen.findings.${check.state}`)}</span>
        </h3>
        <p>{say(check.state)}</p>
        {hasAdvice ? <p>{say('fix')}</p> : null}
        {choice !== undefined && check.fix === 'yours' ? (
          <Button look="plain" onPress={() => void attempt(() => api.setup.choose({ choice, on: true }))}>
            <Icon name="plus" small />
            {t(`screen.choices.${choice}.offer`)}
          </Button>
        ) : null}
        {check.fix === 'ours' ? <p className="setup-fix">{t('screen.weFix')}</p> : null}
      </div>
    </li>
  )
}

export const Checks = ({ state }: { state: SetupState }) => {
  const { t } = useTranslation('setup')
  const api = useApi()
  const attempt = useAttempt()
  const { checks, checking } = state
  const passed = checks.filter(check => check.state === 'pass')
  return (
    <section className="setup-checks" aria-label={t('screen.machine')} aria-busy={checking}>
      <header>
        <h2>{t('screen.machine')}</h2>
        <Button look="ghost" isDisabled={checking} onPress={() => void attempt(() => api.setup.check({}))}>
          <Icon name="again" small />
          {t(checking ? 'screen.looking' : 'screen.lookAgain')}
        </Button>
      </header>
      <ul>
        {order.flatMap(rank =>
          checks.filter(check => check.state === rank).map(check => <Finding key={check.id} check={check} />),
        )}
      </ul>
      {passed.length > 0 ? (
        <details>
          <summary>
            <StateShape state="ready" />
            {t('screen.passed', { count: passed.length })}
          </summary>
          <ul>
            {passed.map(check => (
              <Finding key={check.id} check={check} />
            ))}
          </ul>
        </details>
      ) : null}
      <BundleChoice state={state} />
      <Wishes state={state} />
      <footer>
        <p>{t('screen.meanwhile')}</p>
        <PractiseNow words={t('screen.practise')} />
      </footer>
    </section>
  )
}
