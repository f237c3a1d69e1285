// The live drawing: object graph, replicas and each Pod's life as one picture on one time axis.

import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { boxWidth, cut, type LinkPath, type ObjectBox } from './boxes.ts'
import { type Drawing, namedRow } from './layout.ts'
import type { PodRow } from './rows.ts'
import './drawing.css'

const phaseKeys = { 1: 'scheduled', 2: 'pulled', 3: 'created', 4: 'started', 5: 'probed' } as const

const Chart = ({ drawing }: { drawing: Drawing }) => {
  const { t } = useTranslation('labs')
  const { chart, left, right } = drawing
  if (!chart) return null
  return (
    <g>
      <path className="gap" d={chart.gap} />
      <path className="base" d={`M${left} ${chart.bottom}H${right}`} />
      <path className="want" d={chart.wanted} />
      <path className="ready" d={chart.ready} />
      {chart.available && <path className="available" d={chart.available} />}
      {chart.wantedLabel && (
        <text className="label" x={chart.wantedLabel.x} y={chart.wantedLabel.y} textAnchor="middle">
          {t('live.wanted', { count: chart.wantedLabel.count })}
        </text>
      )}
      {chart.gapLabel && (
        <text className="label is-gap" x={chart.gapLabel.x} y={chart.gapLabel.y}>
          {t('live.gap')}
        </text>
      )}
      <circle className="dot" cx={chart.readyLabel.x} cy={chart.readyLabel.y} r={4} />
      <text className="label is-ready is-strong" x={chart.readyLabel.x + 10} y={chart.readyLabel.y + 4}>
        {chart.readyLabel.count}
      </text>
    </g>
  )
}

type Frame = Pick<Drawing, 'rowHeight' | 'left' | 'right'>

const isSameRow = (a: { row: PodRow; drawing: Frame }, b: { row: PodRow; drawing: Frame }): boolean =>
  a.drawing.rowHeight === b.drawing.rowHeight &&
  a.drawing.left === b.drawing.left &&
  a.drawing.right === b.drawing.right &&
  JSON.stringify(a.row) === JSON.stringify(b.row)

/** Drawn again only where something of it changed: an event touches one Pod of hundreds. */
const Row = memo(({ row, drawing }: { row: PodRow; drawing: Frame }) => {
  const thick = Math.max(3, Math.min(8, drawing.rowHeight - 2))
  const lastBar = row.bars.at(-1)
  return (
    <g className={row.isLeaving ? 'pod is-leaving' : 'pod'}>
      <title>{row.name}</title>
      {drawing.rowHeight >= namedRow && (
        <text className="name" x={drawing.left - 14} y={row.y + 4.5} textAnchor="end">
          {row.label}
        </text>
      )}
      {row.bars.map(bar => (
        <rect key={bar.phase} className={`phase-${bar.phase}`} x={bar.x} y={row.y - thick / 2} width={bar.width} height={thick} />
      ))}
      {row.life && <path className="life" d={`M${row.life[0]} ${row.y}H${row.life[1]}`} />}
      {row.leave && <path className="leave" d={`M${row.leave[0]} ${row.y}H${row.leave[1]}`} />}
      {row.bye !== undefined && <circle className="bye" cx={row.bye} cy={row.y} r={4} />}
      {row.end?.how === 'succeeded' && <path className="tick" d={`M${row.end.x + 3} ${row.y}l3 3.5l6 -7`} />}
      {row.end?.how === 'failed' && <path className="diamond" d={`M${row.end.x} ${row.y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`} />}
      {row.ready !== undefined && <circle className="disc" cx={row.ready} cy={row.y} r={Math.min(4.5, thick)} />}
      {row.requests && drawing.rowHeight >= 5 && (
        <g className="requests" data-requests={row.requests.count}>
          <rect x={drawing.right + 24} y={row.y - thick / 2} width={row.requests.width} height={thick} />
          {drawing.rowHeight >= namedRow && (
            <text className="label is-time" x={drawing.right + 30 + row.requests.width} y={row.y + 4}>
              {row.requests.count}
            </text>
          )}
        </g>
      )}
      {row.waiting && lastBar && (
        <text className="label is-failed" x={lastBar.x + 8} y={row.y - thick / 2 - 3}>
          {row.waiting}
        </text>
      )}
    </g>
  )
}, isSameRow)

/** A disc for a Pod that a Service reaches, a ring for one that it only selects, a square where something is mounted. */
const Link = ({ link: { type, path, isLeaving, ends }, isFine }: { link: LinkPath; isFine: boolean }) => (
  <g className={isLeaving ? `link ${type} is-leaving` : `link ${type}`} data-link={type}>
    <path d={path} />
    {!isFine &&
      ends.map(({ x, y }) =>
        type === 'serves' || type === 'selects' ? (
          <circle key={y} cx={x} cy={y} r={2.5} />
        ) : type === 'owns' ? null : (
          <rect key={y} x={x - 2} y={y - 2} width={4} height={4} />
        ),
      )}
  </g>
)

/** What people call it where the whole word is longer than the box. */
const shortKind: Readonly<Record<string, string>> = {
  HorizontalPodAutoscaler: 'HPA',
  PersistentVolumeClaim: 'PVC',
  PersistentVolume: 'PV',
}

const Box = ({ box, x }: { box: ObjectBox; x: number }) => {
  const { form, kind, label, y, height, note, room } = box
  const isHash = kind === 'ReplicaSet' && box.under !== undefined
  const title = `title${isHash ? ' is-code' : ''}${label.length > 16 ? ' is-long' : ''}`
  const word = shortKind[kind] ?? kind
  return (
    <g className={box.isGone ? 'object is-idle' : 'object'} data-object={`${kind}/${box.name}`}>
      <title>{[kind, box.name, box.namespace, note].filter(Boolean).join(' ')}</title>
      {room && (
        <text className="label is-code" x={x} y={y - 6}>
          {room}
        </text>
      )}
      <rect x={x} y={y} width={boxWidth} height={height} rx={form === 'line' ? 6 : 8} />
      {form === 'line' ? (
        <text className="name" x={x + 10} y={y + 17}>
          {label}
        </text>
      ) : (
        <>
          <text className="label" x={x + 12} y={y + (form === 'full' && !note ? 24 : 18)}>
            {word}
          </text>
          {form === 'small' && note && (
            <text className="label is-code" x={x + boxWidth - 10} y={y + 18} textAnchor="end">
              {cut(note, Math.floor((boxWidth - 30 - word.length * 6.6) / 7.2))}
            </text>
          )}
          <text className={title} x={x + 12} y={y + (form === 'small' ? 34 : note ? 35 : 45)}>
            {label}
          </text>
          {form === 'full' && note && (
            <text className="label is-code" x={x + 12} y={y + 52}>
              {cut(note, 17)}
            </text>
          )}
        </>
      )}
    </g>
  )
}

/** Draws a laid-out scene. Describes itself in words for those who do not see it. */
export const LiveDrawing = ({ drawing, says }: { drawing: Drawing; says: string }) => {
  const { t } = useTranslation('labs')
  const { width, height, marks, axisY } = drawing
  return (
    <svg className="live-drawing" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={says}>
      {marks.map(mark => (
        <g key={`${mark.label}${mark.x}`}>
          <path className="rule" d={`M${mark.x} 18V${axisY - 8}`} />
          <text className="label is-code" x={mark.x} y={11} textAnchor={mark.x < drawing.left + 30 ? 'start' : 'middle'}>
            {mark.label}
          </text>
        </g>
      ))}
      <Chart drawing={drawing} />
      {drawing.links.map(link => (
        <Link key={link.key} link={link} isFine={drawing.rowHeight < namedRow} />
      ))}
      {drawing.boxes.map(box => (
        <Box key={box.uid} box={box} x={drawing.boxX} />
      ))}
      {drawing.rows.map(row => (
        <Row key={row.uid} row={row} drawing={drawing} />
      ))}
      {drawing.requestsLabel && (
        <text className="label" x={drawing.requestsLabel.x} y={drawing.requestsLabel.y}>
          {t('live.requests')}
        </text>
      )}
      {drawing.phaseLabels.map(label => (
        <text key={label.phase} className="label" x={label.x} y={axisY} textAnchor="middle">
          {t(`live.phase.${phaseKeys[label.phase]}`)}
        </text>
      ))}
      {drawing.ticks.map(tick => (
        <text
          key={tick.seconds}
          className="label is-time"
          x={tick.x}
          y={axisY + 18}
          textAnchor={tick.seconds === 0 ? 'start' : 'middle'}
        >
          {t('live.seconds', { value: tick.seconds })}
        </text>
      ))}
    </svg>
  )
}
