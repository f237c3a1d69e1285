// What the presenter wanted to say, as large as they like.

import { useTranslation } from 'react-i18next'
import { Button } from '../../../parts/button.tsx'
import { Markdown } from '../../../parts/markdown.tsx'
import { ResizeHandle } from '../../../parts/resize-handle.tsx'
import { type Desk, deskLimits, sizeBeside } from './use-desk.ts'

interface NotesPaneProps {
  notes: string
  desk: Desk
  onChange(change: Partial<Desk>): void
}

export const NotesPane = ({ notes, desk, onChange }: NotesPaneProps) => {
  const { t } = useTranslation('talk')
  const most = () => Math.max(deskLimits.leastHeight, window.innerHeight - deskLimits.slideKeeps)
  const sized = (step: 1 | -1) => onChange({ notesSize: sizeBeside(desk.notesSize, step) })
  return (
    <section className="presenter-notes" aria-label={t('notes')}>
      <ResizeHandle
        label={t('notesHeight')}
        height={desk.notesHeight}
        least={deskLimits.leastHeight}
        most={most}
        onResize={notesHeight => onChange({ notesHeight })}
      />
      <div className="notes-size">
        <Button look="ghost" square aria-label={t('notesSmaller')} onPress={() => sized(-1)}>
          <span className="size-small">A</span>
        </Button>
        <Button look="ghost" square aria-label={t('notesLarger')} onPress={() => sized(1)}>
          <span className="size-large">A</span>
        </Button>
      </div>
      {/* Words for reading aloud, sized by who reads them. */}
      <div className="notes-words" style={{ fontSize: desk.notesSize }}>
        {notes ? <Markdown>{notes}</Markdown> : <p className="faint">{t('noNotes')}</p>}
      </div>
    </section>
  )
}
