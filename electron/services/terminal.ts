// The terminal domain of the contract, and for other services what no page may ask: typing a command and hearing of its end.

import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import type { Session } from '../contract/terminal.ts'
import { createTerminals, type Terminals, type TerminalsOptions } from '../terminal/index.ts'

export type TerminalService = Services<AppContract>['terminal'] &
  Pick<Terminals, 'openProgram' | 'rename' | 'type' | 'draft' | 'onCommand' | 'forget' | 'closeAll'> & {
    /** Undefined where there is none of that id. */
    session(id: string): Session | undefined
    /** False also for one that is not there. */
    isRunning(id: string): boolean
  }

export const createTerminalService = (options: TerminalsOptions): TerminalService => {
  const terminals = createTerminals(options)
  const { find } = terminals
  const session = (id: string) => terminals.sessions.get().find(each => each.id === id)
  return {
    sessions: (_, { signal }) => terminals.sessions.stream(signal),
    open: async input => ({ id: await terminals.open(input) }),
    output: ({ id }, { signal }) => find(id).output(signal),
    input: ({ id, data }) => {
      find(id).input(data)
      return {}
    },
    resize: ({ id, cols, rows }) => {
      find(id).resize(cols, rows)
      return {}
    },
    close: ({ id }) => {
      terminals.close(id)
      return {}
    },
    commands: async function* ({ id }, { signal }) {
      let told: unknown
      for await (const { commands } of find(id).shell.stream(signal)) {
        if (commands === told) continue
        told = commands
        yield [...commands]
      }
    },
    openProgram: terminals.openProgram,
    session,
    isRunning: id => session(id)?.running ?? false,
    rename: terminals.rename,
    type: terminals.type,
    draft: terminals.draft,
    onCommand: terminals.onCommand,
    forget: terminals.forget,
    closeAll: terminals.closeAll,
  }
}
