// The keys of a talk, declared once: what listens to them and what explains them are the same list. Clickers send PageUp and PageDown.

/** `shown` is what is printed on the key; groups are the chapters of the help. */
export const bindings = {
  next: { keys: ['ArrowRight', 'PageDown', ' '], shown: ['→', 'PgDn', 'Space'], group: 'turn' },
  previous: { keys: ['ArrowLeft', 'PageUp'], shown: ['←', 'PgUp'], group: 'turn' },
  first: { keys: ['Home'], shown: ['Home'], group: 'turn' },
  last: { keys: ['End'], shown: ['End'], group: 'turn' },
  goTo: { keys: ['g'], shown: ['G'], group: 'turn' },
  overview: { keys: ['o'], shown: ['O'], group: 'turn' },
  run: { keys: ['Enter'], shown: ['Enter'], group: 'do' },
  terminal: { keys: ['t'], shown: ['T', 'Ctrl `'], group: 'do' },
  arm: { keys: ['a'], shown: ['A'], group: 'do' },
  laser: { keys: ['l'], shown: ['L'], group: 'hand' },
  pen: { keys: ['d'], shown: ['D'], group: 'hand' },
  marker: { keys: ['m'], shown: ['M'], group: 'hand' },
  eraser: { keys: ['e'], shown: ['E'], group: 'hand' },
  undo: { keys: ['u'], shown: ['U'], group: 'hand' },
  wipe: { keys: ['c'], shown: ['C'], group: 'hand' },
  zoom: { keys: ['z'], shown: ['Z'], group: 'see' },
  nearer: { keys: ['+', '='], shown: ['+'], group: 'see' },
  farther: { keys: ['-'], shown: ['−'], group: 'see' },
  panLeft: { keys: ['Shift+ArrowLeft'], shown: ['Shift ←'], group: 'see' },
  panRight: { keys: ['Shift+ArrowRight'], shown: ['Shift →'], group: 'see' },
  panUp: { keys: ['Shift+ArrowUp'], shown: ['Shift ↑'], group: 'see' },
  panDown: { keys: ['Shift+ArrowDown'], shown: ['Shift ↓'], group: 'see' },
  black: { keys: ['b', '.'], shown: ['B'], group: 'see' },
  white: { keys: ['w', ','], shown: ['W'], group: 'see' },
  filter: { keys: ['i'], shown: ['I'], group: 'see' },
  fullScreen: { keys: ['f'], shown: ['F'], group: 'windows' },
  presenter: { keys: ['p'], shown: ['P'], group: 'windows' },
  timer: { keys: ['s'], shown: ['S'], group: 'windows' },
  rescue: { keys: ['r'], shown: ['R'], group: 'windows' },
  help: { keys: ['?'], shown: ['?'], group: 'windows' },
  leave: { keys: ['Escape'], shown: ['Esc'], group: 'windows' },
} as const

export type Act = keyof typeof bindings
export type Acts = Partial<Record<Act, () => void>>

const acts = Object.keys(bindings) as Act[]
const byKey = new Map(acts.flatMap(act => bindings[act].keys.map((key): [string, Act] => [key, act])))

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** What a key asks for; undefined for keys that mean nothing here or belong to the browser. */
export const actOf = ({ key, shiftKey, ctrlKey, metaKey, altKey }: Press): Act | undefined => {
  if (ctrlKey || metaKey || altKey) return undefined
  // Of a letter or sign, Shift is already part: `?`, `+`, a capital.
  return byKey.get(key.length === 1 ? key.toLowerCase() : `${shiftKey ? 'Shift+' : ''}${key}`)
}

/** For the help: the chapters, each with the keys that this window listens to. */
export const chapters = (mine: Acts): { group: string; acts: Act[] }[] => {
  const groups = [...new Set(acts.map(act => bindings[act].group))]
  return groups
    .map(group => ({ group, acts: acts.filter(act => bindings[act].group === group && mine[act] !== undefined) }))
    .filter(chapter => chapter.acts.length > 0)
}
