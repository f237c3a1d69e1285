// What the look at the machine found: what blocks first, then what is worth knowing; what is right folded into one line.

import { useTranslation } from 'react-i18next'
import type { CheckResult } from '../../../electron/contract/setup.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { StateShape } from '../../parts/state-shape.tsx'
import { PractiseNow } from '../welcome/practise-now.tsx'

const shapes = { blocker: 'failed', warning: 'attention', unknown: 'leaving', pass: 'ready' } as const
const order = ['blocker', 'warning', 'unknown'] as const

const Finding = ({ check }: { check: CheckResult }) => {
  const { t, i18n } = useTranslation('setup')
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
        {check.fix === 'ours' ? <p className="setup-fix">{t('screen.weFix')}</p> : null}
      </div>
    </li>
  )
}

export const Checks = (props: { checks: readonly CheckResult[]; isChecking: boolean; onAgain(): void }) => {
  const { t } = useTranslation('setup')
  const { checks, isChecking, onAgain } = props
  const passed = checks.filter(({ state }) => state === 'pass')
  return (
    <section className="setup-checks" aria-label={t('screen.machine')} aria-busy={isChecking}>
      <header>
        <h2>{t('screen.machine')}</h2>
        <Button look="ghost" isDisabled={isChecking} onPress={onAgain}>
          <Icon name="again" small />
          {t(isChecking ? 'screen.looking' : 'screen.lookAgain')}
        </Button>
      </header>
      <ul>
        {order.flatMap(state =>
          checks.filter(check => check.state === state).map(check => <Finding key={check.id} check={check} />),
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
      <footer>
        <p>{t('screen.meanwhile')}</p>
        <PractiseNow words={t('screen.practise')} />
      </footer>
    </section>
  )
}
