// The first screen: exactly two ways to a cluster, compared row by row.

import { MenuItem } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/use-api.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Menu } from '../../parts/menu.tsx'
import { StateShape } from '../../parts/state-shape.tsx'
import { hrefOf } from '../../state/route.ts'
import { useAppState, useAttempt, useCatalogue, useSettings, useTargets } from '../../state/use-state.ts'
import { LanguageSwitch, ThemeSwitch } from '../settings/switches.tsx'
import { MicroK8sPicture, PracticePicture } from './pictures.tsx'
import { PractiseNow } from './practise-now.tsx'
import './welcome-screen.css'

const rows = ['time', 'needs', 'real', 'undo'] as const

const Contexts = () => {
  const { t } = useTranslation('welcome')
  const api = useApi()
  const attempt = useAttempt()
  const { router } = useAppState()
  const contexts = useTargets().value?.targets.filter(target => target.kind === 'context') ?? []
  const use = async (id: string) => {
    const isUsed = await attempt(async () => {
      await api.cluster.use({ id })
      await api.app.configure({ welcomed: true })
    })
    if (isUsed) router.go({ screen: 'cluster' })
  }
  if (contexts.length === 0) return <span className="faint">{t('noContexts')}</span>
  return (
    <Menu
      label={t('contextsLabel')}
      placement="top start"
      trigger={<Button look="ghost">{t('contexts', { count: contexts.length })}</Button>}
      onAction={key => void use(String(key))}
    >
      {contexts.map(target => (
        <MenuItem key={target.id} id={target.id} className="menu-item" textValue={target.name}>
          <StateShape state="pending" />
          <b>{target.name}</b>
          <small className="menu-note">{target.server}</small>
        </MenuItem>
      ))}
    </Menu>
  )
}

export const WelcomeScreen = () => {
  const { t } = useTranslation('welcome')
  const settings = useSettings()
  const { lessons } = useCatalogue()
  const practice = useTargets().value?.targets.find(target => target.kind === 'practice')
  const labs = lessons && t([`figures.${lessons.length}`, ''])
  const seen = practice?.readyMs === undefined ? undefined : (practice.readyMs / 1000).toFixed(1)
  return (
    <div className="welcome">
      <header className="welcome-top">
        <p className="welcome-brand">
          <Icon name="mark" />
          Kubernetes Hello World
        </p>
        <span className="gap" />
        {settings ? <LanguageSwitch settings={settings} /> : null}
        {settings ? <ThemeSwitch settings={settings} /> : null}
      </header>

      <div className="welcome-middle">
        <div className="welcome-ways">
          <div className="welcome-title">
            <h1>{t('title')}</h1>
            <p>{labs ? t('about', { labs }) : t('aboutPlain')}</p>
          </div>
          <p className="welcome-where">{t('where')}</p>
          <section className="welcome-way">
            <PracticePicture />
            <h2>{t('practice.title')}</h2>
            <p>{t('practice.about')}</p>
          </section>
          <section className="welcome-way">
            <MicroK8sPicture />
            <h2>{t('microk8s.title')}</h2>
            <p>{t('microk8s.about')}</p>
          </section>
          <dl className="welcome-facts">
            {rows.map(row => (
              <div key={row}>
                <dt>{t(`rows.${row}`)}</dt>
                <dd>{row === 'time' && seen ? t('practice.timeSeen', { seconds: seen }) : t(`practice.${row}`)}</dd>
                <dd>{t(`microk8s.${row}`)}</dd>
              </div>
            ))}
          </dl>
          <div className="welcome-go first">
            <PractiseNow />
          </div>
          <div className="welcome-go">
            <LinkButton large href={hrefOf({ screen: 'setup' })}>
              {t('microk8s.start')}
            </LinkButton>
            {t('microk8s.safe')}
          </div>
        </div>
      </div>

      <footer className="welcome-foot">
        {t('have')} <Contexts />
        <span className="gap" />
        {t('talk')} <a href={hrefOf({ screen: 'talk' })}>{t('talkLink')}</a>
      </footer>
    </div>
  )
}
