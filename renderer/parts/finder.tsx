// A list over everything, narrowed by typing, chosen from by keys or mouse.

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
import { Key } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import './finder.css'

export interface FinderEntry {
  id: string
  text: string
  /** Other words by which it is found: English ones in Chinese, ids. */
  also: string
  icon: IconName
  keys?: string
  isCurrent?: boolean
}

interface FinderProps {
  label: string
  placeholder: string
  /** Said where nothing matches. */
  empty: string
  sections: readonly { id: string; title: string; entries: readonly FinderEntry[] }[]
  onChoose(id: string): void
  onClose(): void
}

export const Finder = ({ label, placeholder, empty, sections, onChoose, onClose }: FinderProps) => {
  const { t } = useTranslation('shell')
  const { contains } = useFilter({ sensitivity: 'base' })
  return (
    <ModalOverlay className="finder-overlay" isOpen isDismissable onOpenChange={open => open || onClose()}>
      <Modal className="finder">
        <Dialog className="finder-body" aria-label={label}>
          <Autocomplete
            filter={(text, input) =>
              input
                .trim()
                .split(/\s+/)
                .every(word => contains(text, word))
            }
          >
            <SearchField className="finder-field" aria-label={label} autoFocus>
              <Icon name="search" />
              <Input className="finder-input" placeholder={placeholder} />
            </SearchField>
            <Menu
              className="finder-list"
              aria-label={label}
              items={sections}
              onAction={key => onChoose(String(key))}
              renderEmptyState={() => <p className="finder-empty">{empty}</p>}
            >
              {section => (
                <MenuSection id={section.id} className="finder-section">
                  <Header>{section.title}</Header>
                  {section.entries.map(entry => (
                    <Line key={entry.id} entry={entry} />
                  ))}
                </MenuSection>
              )}
            </Menu>
          </Autocomplete>
          <footer className="finder-foot">
            <Key>↑ ↓</Key> {t('palette.move')} <Key>Enter</Key> {t('palette.choose')} <Key>Esc</Key> {t('palette.leave')}
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

const Line = ({ entry }: { entry: FinderEntry }) => (
  <MenuItem id={entry.id} className="finder-item" textValue={`${entry.text} ${entry.also}`}>
    <Icon name={entry.icon} small />
    <span>{entry.text}</span>
    {entry.isCurrent ? <Icon name="check" small /> : entry.keys ? <Key>{entry.keys}</Key> : null}
  </MenuItem>
)
