import { join } from 'node:path'
import type { Pod } from '../../../electron/practice/controllers/kinds.ts'
import { type ContainerFacts, decidePodStatus, type PodFacts } from '../../../electron/practice/kubelet/status.ts'
import { goldenTests, NOW } from '../golden.ts'

interface Input {
  pod: Pod
  facts: Omit<PodFacts, 'containers' | 'startTime'> & { containers: Record<string, ContainerFacts> }
}

goldenTests(join(import.meta.dirname, 'golden'), {
  status: ({ pod, facts }: Input) =>
    decidePodStatus(pod, { ...facts, startTime: NOW - 1000, containers: new Map(Object.entries(facts.containers)) }, NOW),
})
