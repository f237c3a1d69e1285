// This machine as a node of another one's cluster: the line that the other machine printed, and one question.

import { useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/use-api.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { useAttempt } from '../../state/use-state.ts'

export const Join = ({ onClose, onJoining }: { onClose(): void; onJoining(terminal: string): void }) => {
  const { t } = useTranslation('setup')
  const api = useApi()
  const attempt = useAttempt()
  const [invitation, setInvitation] = useState('')
  const join = () =>
    attempt(async () => {
      const { terminal } = await api.setup.join({ invitation, worker: false, cols: 72, rows: 36 })
      onJoining(terminal)
    })
  return (
    <Dialog
      isOpen
      title={t('screen.join.title')}
      act={t('screen.join.act')}
      cancel={t('screen.cancel')}
      onClose={onClose}
      onAct={() => {
        onClose()
        void join()
      }}
    >
      <p>{t('screen.join.words')}</p>
      <TextField className="field" value={invitation} onChange={setInvitation} autoFocus>
        <Label>{t('screen.join.ask')}</Label>
        <Input className="input mono" spellCheck={false} autoComplete="off" placeholder="microk8s join 10.0.0.5:25000/…" />
      </TextField>
      <p className="setup-loss">{t('screen.join.loss')}</p>
    </Dialog>
  )
}
