// How long it has taken and may still take, as one line: each step as wide as its time.

import { useTranslation } from 'react-i18next'
import { type Ruler as RulerOf, stopWatch } from './view.ts'
import './ruler.css'

export const Ruler = ({ ruler, isOver }: { ruler: RulerOf; isOver: boolean }) => {
  const { t } = useTranslation('setup')
  const { pieces, elapsed, rest, late } = ruler
  const total = elapsed + rest
  if (total === 0) return null
  const place = { left: `${(elapsed / total) * 100}%` }
  const figures = { elapsed: stopWatch(elapsed), rest: stopWatch(rest), late: stopWatch(late) }
  const said = isOver
    ? t('screen.ruler.over', figures)
    : late > 0
      ? t('screen.ruler.late', figures)
      : t('screen.ruler.sum', figures)
  return (
    <div className="setup-ruler" role="img" aria-label={said}>
      <div className="setup-pieces">
        {pieces.map(({ id, kind, ms }) => (
          <span key={`${id} ${kind}`} className={kind} style={{ flexGrow: ms }} />
        ))}
      </div>
      <div className="setup-marks" aria-hidden="true">
        <span>{isOver || elapsed === 0 ? '0:00' : ''}</span>
        {isOver || elapsed === 0 ? null : (
          <span
            className={late > 0 ? 'now late' : 'now'}
            style={place}
            data-end={elapsed / total > 0.75 || undefined}
            data-start={elapsed / total < 0.15 || undefined}
          >
            {late > 0 ? t('screen.ruler.lateBy', figures) : t('screen.ruler.now', figures)}
          </span>
        )}
        <span>{isOver ? figures.elapsed : t('screen.ruler.rest', figures)}</span>
      </div>
    </div>
  )
}
