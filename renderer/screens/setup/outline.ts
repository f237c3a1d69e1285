// The plan's outline: what the installer will do, in order. The words are in the locale files; nothing here runs.

export interface OutlineStep {
  id: string
  /** Shown, never run. */
  command?: string
  /** Shown, never run; where it is missing the locale says how, or that nothing changes. */
  undo?: string
  /** The locale has its own words for the way back. */
  hasUndoWords?: boolean
}

export const outline: readonly OutlineStep[] = [
  { id: 'check' },
  { id: 'fetch', command: 'sudo snap ack ./microk8s.assert', hasUndoWords: true },
  { id: 'base', command: 'sudo snap install ./core22.snap', hasUndoWords: true },
  { id: 'install', command: 'sudo snap install ./microk8s.snap --classic', undo: 'sudo snap remove --purge microk8s' },
  { id: 'hold', command: 'sudo snap refresh --hold microk8s', undo: 'sudo snap refresh --unhold microk8s' },
  { id: 'storage', command: 'sudo microk8s enable hostpath-storage', undo: 'sudo microk8s disable hostpath-storage' },
  { id: 'kubeconfig', command: 'sudo microk8s config --use-loopback', hasUndoWords: true },
  { id: 'hello', command: 'kubectl run hello --image=openresty/openresty:alpine', undo: 'kubectl delete pod hello' },
]
