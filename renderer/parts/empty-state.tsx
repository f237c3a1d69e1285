// Nothing here yet: what this place is for, and what to do next.

import type { ReactNode } from 'react'
import './empty-state.css'

export const EmptyState = ({ title, children, acts }: { title: string; children: ReactNode; acts?: ReactNode }) => (
  <section className="empty-state">
    <h1>{title}</h1>
    <div className="empty-words">{children}</div>
    {acts ? <div className="empty-acts">{acts}</div> : null}
  </section>
)
