// Our own icons: one 20-unit grid, one line weight.

import './icon.css'

const paths = {
  mark: 'M10 1.8 16.6 5l1.6 7.1-4.5 5.7H6.3L1.8 12.1 3.4 5zM6.8 8l2.4 2.2-2.4 2.2M11 12.6h2.8',
  talk: 'M3 4h14v9.5H3zM10 13.5V17M7 17h6M6.5 10.5 9 8l2 1.5 2.5-3',
  labs: 'M7.5 3h5M8.5 3v5l-4.6 7.3A1.1 1.1 0 0 0 4.8 17h10.4a1.1 1.1 0 0 0 .9-1.7L11.5 8V3M6.4 12.5h7.2',
  cluster:
    'M7.8 5a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0M2.6 14.5a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0M13 14.5a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0M8.9 6.9l-3 5.7M11.1 6.9l3 5.7M7 14.5h6',
  setup: 'M10 3v9M6.5 8.8 10 12.2l3.5-3.4M3.5 13.5V16a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-2.5',
  settings:
    'M3 6h7.3M14.7 6H17M3 14h2.3M9.7 14H17M10.3 6a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0M5.3 14a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0',
  search: 'M4 9a5 5 0 1 0 10 0a5 5 0 1 0-10 0M13 13l4 4',
  down: 'm5.5 8 4.5 4.5L14.5 8',
  left: 'M12 5.5 7.5 10l4.5 4.5',
  right: 'M8 5.5l4.5 4.5L8 14.5',
  moon: 'M16.2 11.8A6.6 6.6 0 0 1 8.2 3.8a6.6 6.6 0 1 0 8 8z',
  sun: 'M6.8 10a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0M10 2.2v2M10 15.8v2M2.2 10h2M15.8 10h2M4.5 4.5l1.4 1.4M14.1 14.1l1.4 1.4M4.5 15.5l1.4-1.4M14.1 5.9l1.4-1.4',
  play: 'M6.5 4.5v11l9-5.5z',
  pause: 'M7.2 5v10M12.8 5v10',
  step: 'M5.5 5v10l7-5zM15 5v10',
  rewind: 'M10 5.5 4.5 10l5.5 4.5zM16 5.5 10.5 10l5.5 4.5z',
  camera: 'M3 6.5h3L7.5 4.5h5L14 6.5h3v9H3zM7.3 10.8a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0-5.4 0',
  node: 'M3.5 4h13v5h-13zM3.5 11h13v5h-13zM6.5 6.5h.1M6.5 13.5h.1',
  power: 'M10 3v6M6 5.6a6 6 0 1 0 8 0',
  stop: 'M5.5 5.5h9v9h-9z',
  again: 'M15.8 8.2A6.2 6.2 0 1 0 16 11.6M16.2 4v4.4h-4.4',
  undo: 'M4 8h8a4 4 0 0 1 0 8H8M7.5 4.5 4 8l3.5 3.5',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  close: 'm5 5 10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  list: 'M7.5 5.5H17M7.5 10H17M7.5 14.5H17M3.5 5.5h.1M3.5 10h.1M3.5 14.5h.1',
  term: 'm4 6 4 4-4 4M10.5 14.5h6',
  copy: 'M7 7V3.8h9.2V13H13M3.8 7H13v9.2H3.8z',
  language: 'M3 5h8M7 3v2M9.4 5c-.9 3.3-3 5.7-6 7.2M4.8 7.3c1 2.1 2.7 3.7 5 4.7M10.2 17l3.3-8 3.3 8M11.3 14.4h4.4',
} as const

export type IconName = keyof typeof paths

/** An icon is silent: its control carries the word. */
export const Icon = ({ name, small }: { name: IconName; small?: boolean }) => (
  <svg className={small ? 'icon small' : 'icon'} viewBox="0 0 20 20" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
)
