// Where each cluster lives, drawn: the same API server bar, nodes and Pods as on the slides.

import { useTranslation } from 'react-i18next'
import './pictures.css'

const Pods = ({ from, step, count }: { from: number; step: number; count: number }) =>
  Array.from({ length: count }, (_, index) => from + index * step).map(x => (
    <circle key={x} className="pod" cx={x} cy="104" r="5.5" />
  ))

const ApiServer = () => (
  <>
    <rect className="api" width="248" height="32" rx="8" />
    <text className="on" x="124" y="21" textAnchor="middle">
      API server
    </text>
  </>
)

export const PracticePicture = () => {
  const { t } = useTranslation('welcome')
  return (
    <svg className="picture" viewBox="0 0 448 232" role="img" aria-label={t('picture.practice')}>
      <rect className="machine" x=".75" y=".75" width="446.5" height="230.5" rx="8" />
      <text className="label" x="16" y="24">
        {t('picture.untouched')}
      </text>
      <rect className="box wide" x="56" y="40" width="336" height="176" rx="8" />
      <path className="hair" d="M56 64H392" />
      <text className="label" x="224" y="56.5" textAnchor="middle">
        {t('picture.app')}
      </text>
      <g transform="translate(100 76)">
        <path className="wire" d="M60 32v24M188 32v24" />
        <ApiServer />
        {['node1', 'node2'].map((name, index) => (
          <g key={name} transform={`translate(${index * 128} 0)`}>
            <rect className="box" x=".75" y="56" width="118.5" height="72" rx="8" />
            <text className="label" x="16" y="78">
              {name}
            </text>
            <Pods from={21} step={19.2} count={5} />
          </g>
        ))}
      </g>
    </svg>
  )
}

export const MicroK8sPicture = () => {
  const { t } = useTranslation('welcome')
  return (
    <svg className="picture" viewBox="0 0 448 232" role="img" aria-label={t('picture.microk8s')}>
      <rect className="solid" x=".75" y=".75" width="446.5" height="230.5" rx="8" />
      <text className="label" x="16" y="24">
        {t('picture.machine')}
      </text>
      <rect className="box" x="16.75" y="76.75" width="112" height="126.5" rx="8" />
      <path className="hair" d="M16 101H129" />
      <text className="label" x="72.5" y="93" textAnchor="middle">
        {t('picture.app')}
      </text>
      <path className="prompt" d="m34 126 8 7-8 7M46 141h14" />
      <path className="wire dash" d="M129 92H176" />
      <text className="label" x="176" y="64">
        snap microk8s
      </text>
      <g transform="translate(176 76)">
        <path className="wire" d="M124 32v24" />
        <ApiServer />
        <rect className="box" x=".75" y="56" width="246.5" height="72" rx="8" />
        <text className="label" x="16" y="78">
          {t('picture.node')}
        </text>
        <Pods from={21} step={22.8} count={10} />
      </g>
    </svg>
  )
}
