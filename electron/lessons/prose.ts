// A lesson's README as data: title, intro, one section a task, and the closing question.

/** A section: its heading, Markdown without the command blocks, and the command lines of those. */
export interface Section {
  title: string
  say: string
  commands: readonly string[]
  /** Of the heading, from 1. */
  line: number
}

export interface Prose {
  title: string
  /** The intro's first paragraph. */
  about: string
  intro: string
  sections: readonly Section[]
}

/** Reads a README; fenced `sh` blocks are commands, everything else is what the lesson says. */
export const readProse = (text: string): Prose => {
  let title = ''
  let fence: string | undefined
  const parts: { title: string; lines: string[]; commands: string[]; line: number }[] = [
    { title: '', lines: [], commands: [], line: 1 },
  ]
  for (const [index, line] of text.split('\n').entries()) {
    const part = parts[parts.length - 1]!
    if (fence !== undefined) {
      if (line.trim() === '```') {
        if (fence !== 'sh') part.lines.push(line)
        fence = undefined
      } else if (fence !== 'sh') part.lines.push(line)
      else if (line.trim() !== '') part.commands.push(line.trim())
    } else if (line.startsWith('```')) {
      fence = line.slice(3).trim()
      if (fence !== 'sh') part.lines.push(line)
    } else if (line.startsWith('# ') && title === '') title = line.slice(2).trim()
    else if (line.startsWith('## ')) parts.push({ title: line.slice(3).trim(), lines: [], commands: [], line: index + 1 })
    else part.lines.push(line)
  }
  const sections = parts.map(({ title, lines, commands, line }) => ({ title, say: tidy(lines), commands, line }))
  const intro = sections[0]?.say ?? ''
  return { title, about: intro.split('\n\n')[0] ?? '', intro, sections: sections.slice(1) }
}

/** Command blocks leave gaps behind; one empty line is enough. */
const tidy = (lines: readonly string[]): string =>
  lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
