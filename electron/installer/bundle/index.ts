// The offline bundle: what it must hold, whether it does, and how it is fetched.

export { type FetchEvent, fetchBundle } from './fetch.ts'
export {
  type Arch,
  arches,
  archOf,
  type BundleFile,
  type BundleLock,
  filesOf,
  type LockedSnap,
  lockFile,
  type SnapName,
} from './lock.ts'
export { createRegistry, type Mirrors } from './registry.ts'
export { createStore, storeAddress } from './store.ts'
export { type BundleProblem, type BundleReport, lookAtBundle, parseLock, readLock, verifyBundle } from './verify.ts'
