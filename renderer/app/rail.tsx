// The five places, always at hand.

import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/icon.tsx'
import { hrefOf, type Screen } from '../state/route.ts'

export const places = ['talk', 'labs', 'cluster', 'setup', 'settings'] as const

export const Rail = ({ screen }: { screen: Screen }) => {
  const { t } = useTranslation('shell')
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      <a className="rail-mark" href={hrefOf({ screen: 'welcome' })} aria-label="Kubernetes Hello World">
        <Icon name="mark" />
      </a>
      {places.map(place => (
        <a
          key={place}
          className="rail-item"
          href={hrefOf({ screen: place })}
          aria-current={place === screen ? 'page' : undefined}
        >
          <Icon name={place} />
          {t(`rail.${place}`)}
        </a>
      ))}
    </nav>
  )
}
