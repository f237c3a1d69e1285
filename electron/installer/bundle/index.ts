// The offline bundle: what it must hold, whether it does, and how it is fetched.

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
export { type BundleProblem, type BundleReport, lookAtBundle, parseLock, readLock, verifyBundle } from './verify.ts'
