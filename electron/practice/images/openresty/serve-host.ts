// What answering a request takes of the server that got it.

import type { Configuration } from './configuration.ts'
import type { LuaMachine } from './lua-machine.ts'
import type { LuaHost, LuaRequest } from './lua-ngx.ts'

/** One server program, its worker and its logs. */
export interface ServeHost extends LuaHost {
  configuration: Configuration
  /** `openresty` or `nginx`: at the foot of error pages, with the version where it is told. */
  brand: string
  serverHeader: string
  lua(): LuaMachine<LuaRequest>
  accessLog(path: string, line: string): void
}
