// What a step may observe of the machine. Tests give it a table instead of a machine.

export interface Machine {
  /** A file's text; undefined where it is not there. */
  read(path: string): Promise<string | undefined>
  /** A program that only looks. Never throws for what it answers. */
  run(argv: readonly [string, ...string[]]): Promise<{ code: number; stdout: string; stderr: string }>
  /** GET of snapd's REST interface: its status and result. */
  snapd(path: string): Promise<{ status: number; result: unknown }>
}
