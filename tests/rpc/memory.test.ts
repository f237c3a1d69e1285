import { createMemoryPair } from '../../electron/rpc/transports/memory.ts'
import { rpcSuite } from './suite.ts'

rpcSuite('memory', async onHost => ({
  open: () => {
    const [page, host] = createMemoryPair()
    onHost(host)
    return page
  },
  close: async () => {},
}))
