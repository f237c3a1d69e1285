// Everything one can go to or do, by its name.

import { useMemo } from 'react'
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../electron/contract/app.ts'
import { useApi } from '../api/use-api.ts'
import { Key } from '../parts/button.tsx'
import { Icon } from '../parts/icon.tsx'
import { isDark } from '../state/appearance.ts'
import { useTargetName } from '../state/target-name.ts'
import { useAppState, useAttempt, useCatalogue, useTargets } from '../state/use-state.ts'
import { type Entry, paletteSections } from './palette-sections.ts'
import './palette.css'

export const Palette = ({ settings }: { settings: Settings }) => {
  const { t } = useTranslation('shell')
  const state = useAppState()
  const api = useApi()
  const attempt = useAttempt()
  const { lessons = [], slides = [] } = useCatalogue()
  const { value } = useTargets()
  const nameOf = useTargetName()
  const { contains } = useFilter({ sensitivity: 'base' })
  const close = () => state.view.setState({ isPaletteOpen: false })

  const sections = useMemo(
    () =>
      paletteSections({
        t,
        lessons,
        slides,
        targets: (value?.targets ?? []).map(target => ({
          id: target.id,
          name: nameOf(target),
          isCurrent: target.id === value?.current,
        })),
        language: settings.language,
        isDark: isDark(settings.theme),
        go: state.router.go,
        use: id => void attempt(() => api.cluster.use({ id })),
        configure: change => void attempt(() => api.app.configure(change)),
        toggleDock: () => state.view.setState(({ isDockOpen }) => ({ isDockOpen: !isDockOpen })),
      }),
    [t, lessons, slides, value, nameOf, settings, state, api, attempt],
  )
  const entries = sections.flatMap(section => section.entries)
  const run = (id: string) => {
    close()
    entries.find(entry => entry.id === id)?.run()
  }

  return (
    <ModalOverlay className="palette-overlay" isOpen isDismissable onOpenChange={open => open || close()}>
      <Modal className="palette">
        <Dialog className="palette-body" aria-label={t('palette.label')}>
          <Autocomplete
            filter={(text, input) =>
              input
                .trim()
                .split(/\s+/)
                .every(word => contains(text, word))
            }
          >
            <SearchField className="palette-field" aria-label={t('palette.label')} autoFocus>
              <Icon name="search" />
              <Input className="palette-input" placeholder={t('palette.placeholder')} />
            </SearchField>
            <Menu
              className="palette-list"
              aria-label={t('palette.label')}
              items={sections}
              onAction={key => run(String(key))}
              renderEmptyState={() => <p className="palette-empty">{t('palette.empty')}</p>}
            >
              {section => (
                <MenuSection id={section.id} className="palette-section">
                  <Header>{section.title}</Header>
                  {section.entries.map(entry => (
                    <Line key={entry.id} entry={entry} />
                  ))}
                </MenuSection>
              )}
            </Menu>
          </Autocomplete>
          <footer className="palette-foot">
            <Key>↑ ↓</Key> {t('palette.move')} <Key>Enter</Key> {t('palette.choose')} <Key>Esc</Key> {t('palette.leave')}
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

const Line = ({ entry }: { entry: Entry }) => (
  <MenuItem id={entry.id} className="palette-item" textValue={`${entry.text} ${entry.also}`}>
    <Icon name={entry.icon} small />
    <span>{entry.text}</span>
    {entry.isCurrent ? <Icon name="check" small /> : entry.keys ? <Key>{entry.keys}</Key> : null}
  </MenuItem>
)
