// What a bug report needs, read by the user before it leaves this window: private words are taken out already.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/use-api.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { useAttempt } from '../../state/use-state.ts'

export const Diagnostics = ({ onClose }: { onClose(): void }) => {
  const { t } = useTranslation('setup')
  const api = useApi()
  const attempt = useAttempt()
  const [report, setReport] = useState<{ text: string; file: string }>()
  useEffect(() => {
    void attempt(async () => setReport(await api.setup.diagnostics({})))
  }, [api, attempt])
  const copy = () => attempt(() => navigator.clipboard.writeText(report?.text ?? ''))
  return (
    <Dialog
      isOpen
      title={t('screen.diagnostics.title')}
      act={t('screen.diagnostics.copy')}
      cancel={t('screen.close')}
      onClose={onClose}
      onAct={() => void copy().then(onClose)}
    >
      <p>{report ? t('screen.diagnostics.words', { file: report.file }) : t('screen.diagnostics.making')}</p>
      {report ? <pre className="setup-report">{report.text}</pre> : null}
    </Dialog>
  )
}
