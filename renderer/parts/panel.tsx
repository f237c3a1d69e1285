// Something to look at or set beside the work, over it until it is closed.

import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import './dialog.css'
import './panel.css'

interface PanelProps {
  title: string
  /** The word of the button that closes it. */
  close: string
  wide?: boolean
  children: ReactNode
  onClose(): void
}

export const Panel = ({ title, close, wide = false, children, onClose }: PanelProps) => (
  <ModalOverlay className="dialog-overlay panel-overlay" isOpen isDismissable onOpenChange={open => open || onClose()}>
    <Modal className={wide ? 'dialog panel wide' : 'dialog panel'}>
      <Dialog className="dialog-body">
        <header>
          <Heading slot="title">{title}</Heading>
          <Button look="ghost" square aria-label={close} onPress={onClose} autoFocus>
            <Icon name="close" />
          </Button>
        </header>
        {children}
      </Dialog>
    </Modal>
  </ModalOverlay>
)
