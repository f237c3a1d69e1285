// The user's kubeconfig: ours goes in and comes out again, and nothing of the user's is ever lost.

export {
  type KubeconfigPlace,
  type KubeconfigRecord,
  kubeconfigRecord,
  type MergeOutcome,
  type MergeRequest,
  mergeKubeconfig,
  type Preview,
  previewMerge,
  type RemovalOutcome,
  removeKubeconfig,
} from './act.ts'
export type { Refusal, Refused } from './decide.ts'
export { kubeconfigPaths } from './locate.ts'
