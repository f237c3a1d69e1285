// A kubeconfig plus start and stop: the clusters to choose from, their watches and snapshots.

export { type ClusterDeps, type Clusters, createClusters, type PracticeProcess } from './clusters.ts'
export type { Machine } from './discover.ts'
export type { Exec } from './exec.ts'
export type { Feed, FeedEvent } from './feed.ts'
export { createHandle, type Handle } from './handle.ts'
export { pathOf } from './kinds.ts'
export { accessOf, mergeKubeconfigs, parseKubeconfig, writeKubeconfig } from './kubeconfig.ts'
export type { Answer, Probe } from './probe.ts'
export { apply, emptySnapshot, keyOf, replace, type Snapshot } from './snapshot.ts'
