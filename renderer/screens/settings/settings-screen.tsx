// Language, look, tools, and where things are: few settings, each told with what it does.

import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Info } from '../../../electron/contract/app.ts'
import { toAppError, type WireError } from '../../../electron/contract/errors.ts'
import { useApi } from '../../api/use-api.ts'
import { Button, Key } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { StateShape } from '../../parts/state-shape.tsx'
import { useAttempt, useSettings } from '../../state/use-state.ts'
import './settings-screen.css'

const languages = ['zh-CN', 'en'] as const
const themes = ['system', 'light', 'dark'] as const
const folders = ['config', 'data', 'state'] as const

const useInfo = (): { info: Info | undefined; error: WireError | undefined } => {
  const api = useApi()
  const [info, setInfo] = useState<Info>()
  const [error, setError] = useState<WireError>()
  useEffect(() => {
    const leaving = new AbortController()
    api.app.info({}, leaving.signal).then(setInfo, fault => leaving.signal.aborted || setError(toAppError(fault).toWire()))
    return () => leaving.abort()
  }, [api])
  return { info, error }
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="settings-row">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

/** A command to type elsewhere, with a button that copies it. */
const Copyable = ({ command }: { command: string }) => {
  const { t } = useTranslation('settings')
  const attempt = useAttempt()
  const [isCopied, setCopied] = useState(false)
  const copy = async () => setCopied(await attempt(() => navigator.clipboard.writeText(command)))
  return (
    <span className="settings-command">
      <code>{command}</code>
      <Button look="ghost" onPress={() => void copy()}>
        <Icon name={isCopied ? 'check' : 'copy'} small />
        {t(isCopied ? 'copied' : 'copy')}
      </Button>
    </span>
  )
}

const Kubectl = ({ kubectl }: { kubectl: Info['kubectl'] }) => {
  const { t } = useTranslation('settings')
  if (kubectl)
    return (
      <>
        <StateShape state="ready" /> {t('kubectlFound', { version: kubectl.version })}{' '}
        <code className="faint">{kubectl.path}</code>
      </>
    )
  return (
    <>
      <StateShape state="failed" /> {t('kubectlMissing')}
      <Copyable command={t('install')} />
    </>
  )
}

export const SettingsScreen = () => {
  const { t } = useTranslation('settings')
  const api = useApi()
  const attempt = useAttempt()
  const settings = useSettings()
  const { info, error } = useInfo()
  if (!settings) return null
  return (
    <div className="screen padded settings">
      <h1>{t('title')}</h1>
      {info?.problems?.length ? (
        <section aria-label={t('problems')}>
          <h2>{t('problems')}</h2>
          {info.problems.map(problem => (
            <ErrorPanel key={`${problem.code} ${JSON.stringify(problem.details)}`} error={problem} />
          ))}
        </section>
      ) : null}
      <section>
        <h2>{t('look')}</h2>
        <dl>
          <Row name={t('language')}>
            <Segmented
              label={t('language')}
              choices={languages.map(id => ({ id, text: t(`languages.${id}`) }))}
              value={settings.language}
              onChange={language => void attempt(() => api.app.configure({ language }))}
            />
          </Row>
          <Row name={t('theme')}>
            <Segmented
              label={t('theme')}
              choices={themes.map(id => ({ id, text: t(`themes.${id}`) }))}
              value={settings.theme}
              onChange={theme => void attempt(() => api.app.configure({ theme }))}
            />
          </Row>
        </dl>
      </section>
      <section>
        <h2>{t('tools')}</h2>
        <dl>
          <Row name={t('kubectl')}>
            {info ? <Kubectl kubectl={info.kubectl} /> : <span className="faint">{error ? null : t('looking')}</span>}
          </Row>
        </dl>
      </section>
      <section>
        <h2>{t('keys')}</h2>
        <dl>
          <Row name={t('keyPalette')}>
            <Key>Ctrl K</Key> <Key>Ctrl Shift P</Key> <span className="faint">{t('keyPaletteToo')}</span>
          </Row>
          <Row name={t('keyDock')}>
            <Key>Ctrl `</Key>
          </Row>
        </dl>
      </section>
      {error ? <ErrorPanel error={error} /> : null}
      {info ? (
        <section>
          <h2>{t('app')}</h2>
          <dl>
            <Row name={t('version')}>
              <span className="num">{info.version}</span>
            </Row>
            <Row name={t('host')}>{t(`hosts.${info.host}`)}</Row>
          </dl>
        </section>
      ) : null}
      {info?.folders ? (
        <section>
          <h2>{t('files')}</h2>
          <dl>
            {folders.map(folder => (
              <Row key={folder} name={t(`folders.${folder}`)}>
                <code>{info.folders?.[folder]}</code>
              </Row>
            ))}
          </dl>
        </section>
      ) : null}
    </div>
  )
}
