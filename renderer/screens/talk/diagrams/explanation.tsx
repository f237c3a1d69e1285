// The explanation beside a diagram: what the lit part is, what it watches, what it writes, what it does not do.

import { useTranslation } from 'react-i18next'

const rows = ['watches', 'writes', 'not'] as const

export const Explanation = ({ part }: { part: string }) => {
  const { t, i18n } = useTranslation('talk')
  const words = (key: string) => (i18n.exists(`talk:parts.${part}.${key}`) ? t(`parts.${part}.${key}`) : undefined)
  const then = words('then')
  return (
    <aside className="explanation" aria-live="polite">
      <h2>{words('title') ?? words('name')}</h2>
      <p className="claim">{words('what')}</p>
      <dl>
        {rows.map(row => {
          const text = words(row)
          return (
            text && (
              <div key={row}>
                <dt>{t(`rows.${row}`)}</dt>
                <dd>{text}</dd>
              </div>
            )
          )
        })}
      </dl>
      {then && <p className="then">{then}</p>}
    </aside>
  )
}
