// What the hand can hold and what the audience sees, in words, with their keys.

import { useTranslation } from 'react-i18next'
import type { Filter } from '../../../../electron/contract/talk.ts'
import { Button, Key } from '../../../parts/button.tsx'
import { type Act, type Acts, bindings } from '../keys.ts'
import type { Tool } from '../stage/use-hand.ts'

interface ToolRowProps {
  acts: Acts
  tool: Tool | undefined
  isZoomed: boolean
  hasInk: boolean
  filter: Filter
}

export const ToolRow = ({ acts, tool, isZoomed, hasInk, filter }: ToolRowProps) => {
  const { t } = useTranslation('talk')
  const button = (act: Act, text: string, isOn?: boolean) => (
    <Button key={act} look="ghost" aria-pressed={isOn} onPress={() => acts[act]?.()}>
      {text} <Key>{bindings[act].shown[0]}</Key>
    </Button>
  )
  return (
    <div className="presenter-tools" role="toolbar" aria-label={t('tools.label')}>
      {(['laser', 'pen', 'marker', 'eraser'] as const).map(act => button(act, t(`tools.${act}`), tool === act))}
      {hasInk && button('wipe', t('tools.wipe'))}
      {button('zoom', t(isZoomed ? 'tools.whole' : 'tools.zoom'), tool === 'zoom' || isZoomed)}
      <span className="gap" />
      {button('filter', t('tools.filter', { filter: t(`filters.${filter}`) }), filter !== 'none')}
    </div>
  )
}
