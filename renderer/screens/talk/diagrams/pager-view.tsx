// Turns a picture of one among several to another: two arrows and a count, by mouse and by keyboard.

import { useTranslation } from 'react-i18next'
import type { Pager } from './drawing.ts'
import { onPressed } from './parts.tsx'

const button = { width: 44, height: 44 }
const count = 84

interface PagerViewProps {
  pager: Pager
  onTurn(name: string): void
}

export const PagerView = ({ pager: { x, y, names, index }, onTurn }: PagerViewProps) => {
  const { t } = useTranslation('talk')
  const arrow = (step: number, right: number, says: string) => {
    const name = names.at((index + step) % names.length) ?? ''
    const [middle, turn] = [right - button.width / 2, () => onTurn(name)]
    return (
      <g
        className="arrow"
        role="button"
        tabIndex={0}
        aria-label={t(says, { name })}
        onClick={turn}
        onKeyDown={event => onPressed(event, turn)}
      >
        <rect className="shape" x={right - button.width} y={y - button.height / 2} {...button} rx={8} />
        <path d={`M${middle - step * 4} ${y - 9}l${step * 9} 9l${-step * 9} 9`} />
      </g>
    )
  }
  return (
    <g className="pager">
      {arrow(-1, x - button.width - count, 'diagram.previousNode')}
      <text className="note" x={x - button.width - count / 2} y={y + 7} textAnchor="middle">
        {index + 1} / {names.length}
      </text>
      {arrow(1, x, 'diagram.nextNode')}
    </g>
  )
}
