// A question that must be answered before anything else; for what cannot be undone, the answer is typed.

import { type ReactNode, useState } from 'react'
import { Dialog as AriaDialog, Heading, Input, Label, Modal, ModalOverlay, TextField } from 'react-aria-components'
import { Button } from './button.tsx'
import './dialog.css'

export const Dialog = (props: {
  isOpen: boolean
  title: string
  children: ReactNode
  /** The words of the act and of leaving it. */
  act: string
  cancel: string
  /** What must be typed before the act can be chosen, and how that is asked. */
  typed?: { word: string; ask: string }
  onAct(): void
  onClose(): void
}) => {
  const [word, setWord] = useState('')
  const isSure = !props.typed || word.trim() === props.typed.word
  return (
    <ModalOverlay className="dialog-overlay" isOpen={props.isOpen} isDismissable onOpenChange={open => open || props.onClose()}>
      <Modal className="dialog">
        <AriaDialog role="alertdialog" className="dialog-body">
          <Heading slot="title">{props.title}</Heading>
          <div className="dialog-words">{props.children}</div>
          {props.typed ? (
            <TextField className="field" value={word} onChange={setWord} autoFocus>
              <Label>{props.typed.ask}</Label>
              <Input className="input mono" spellCheck={false} autoComplete="off" />
            </TextField>
          ) : null}
          <div className="dialog-acts">
            <Button look="ghost" onPress={props.onClose}>
              {props.cancel}
            </Button>
            <Button look="primary" isDisabled={!isSure} onPress={props.onAct} autoFocus={!props.typed}>
              {props.act}
            </Button>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
