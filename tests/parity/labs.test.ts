// The recorded labs by hand, with each kubectl of this run, held against what a real Kubernetes 1.36 answered.

import { expect, test } from 'vitest'
import { replay } from './lab.ts'
import { isRecorded, versions } from './versions.ts'

const labs = ['01-pod', '02-deployment', '03-service', '04-statefulset']
/** Typed as kubectl 1.36 takes it: other versions have other flags. */
const labsOfTheRecorded = [...labs, '06-rollout']
/** How many answers must be equal to the last byte, for the version that was recorded and for others, which have words of their own. */
const leastShare = (isSame: boolean) => (isSame ? 0.85 : 0.75)
const runs = versions.flatMap(kubectl => (isRecorded(kubectl) ? labsOfTheRecorded : labs).map(lab => ({ ...kubectl, lab })))

test('there is a kubectl to test with', () => expect(versions.length).toBeGreaterThan(0))

test.concurrent.each(runs)(
  'kubectl $version, lab $lab',
  async ({ lab, ...kubectl }) => {
    const isSame = isRecorded(kubectl)
    const { commands, equal, listed, passed, problems, faults } = await replay(lab, kubectl, isSame)
    const rest = [`${listed} differ as listed`, `${passed} at another moment${isSame ? '' : " or in this kubectl's own words"}`]
    console.log(`kubectl ${kubectl.version}, lab ${lab}: ${equal} of ${commands} commands equal, ${rest.join(', ')}`)
    expect({ problems, faults }).toEqual({ problems: [], faults: [] })
    expect(equal + listed + passed).toBe(commands)
    expect(equal).toBeGreaterThan(commands * leastShare(isSame))
  },
  300_000,
)
