// Every key that this window listens to, made from the list that listens.

import { useTranslation } from 'react-i18next'
import { Key } from '../../parts/button.tsx'
import { Panel } from '../../parts/panel.tsx'
import { type Acts, bindings, chapters } from './keys.ts'
import './key-help.css'

export const KeyHelp = ({ acts, onClose }: { acts: Acts; onClose(): void }) => {
  const { t } = useTranslation('talk')
  return (
    <Panel title={t('help.title')} close={t('help.close')} wide onClose={onClose}>
      <div className="key-chapters">
        {chapters(acts).map(chapter => (
          <section key={chapter.group}>
            <h3>{t(`help.groups.${chapter.group}`)}</h3>
            <dl>
              {chapter.group === 'turn' && (
                <div>
                  <dt>
                    <Key>12</Key> <Key>Enter</Key>
                  </dt>
                  <dd>{t('help.number')}</dd>
                </div>
              )}
              {chapter.acts.map(act => (
                <div key={act}>
                  <dt>
                    {bindings[act].shown.map(key => (
                      <Key key={key}>{key}</Key>
                    ))}
                  </dt>
                  <dd>{t(`help.acts.${act}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Panel>
  )
}
