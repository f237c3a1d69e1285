// What only some want, each with what it does and what it costs; asked for by one click, and then in the plan.

import { useTranslation } from 'react-i18next'
import { type Choice, choices, type SetupState } from '../../../electron/contract/setup.ts'
import { useApi } from '../../api/use-api.ts'
import { useAttempt } from '../../state/use-state.ts'

/** Offered where they are missed: at the finding. */
const atFindings: readonly Choice[] = ['route', 'renew']

const offered = (state: SetupState): Choice[] =>
  choices.filter(id => !atFindings.includes(id) || state.choices.some(choice => choice.id === id))

export const Wishes = ({ state }: { state: SetupState }) => {
  const { t } = useTranslation('setup')
  const api = useApi()
  const attempt = useAttempt()
  return (
    <fieldset className="setup-wishes">
      <legend>{t('screen.choices.title')}</legend>
      {offered(state).map(id => {
        const chosen = state.choices.find(choice => choice.id === id)
        return (
          <label key={id}>
            <input
              type="checkbox"
              checked={chosen !== undefined}
              disabled={chosen?.kept === true || state.checking}
              onChange={event => void attempt(() => api.setup.choose({ choice: id, on: event.target.checked }))}
            />
            <span>
              {t(`screen.choices.${id}.title`)}
              <small>
                {t(`screen.choices.${id}.words`)}
                {chosen?.kept ? ` ${t('screen.choices.kept')}` : ''}
              </small>
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}
