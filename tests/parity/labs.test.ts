// Labs 01 and 02 by hand, with every kubectl at hand, held against what a real Kubernetes 1.36 answered.

import { expect, test } from 'vitest'
import { kubectls } from '../../build/kubectls.ts'
import { replay } from './lab.ts'

const versions = await kubectls()
const labs = ['01-pod', '02-deployment']
const runs = versions.flatMap(kubectl => labs.map(lab => ({ ...kubectl, lab })))

test('there is a kubectl to test with', () => expect(versions.length).toBeGreaterThan(0))

test.concurrent.each(runs)(
  'kubectl $version, lab $lab',
  async ({ lab, ...kubectl }) => {
    const isRecorded = kubectl.version.startsWith('1.36.')
    const { matched, passed, differences, faults } = await replay(lab, kubectl, isRecorded)
    const total = matched + passed + differences.length
    console.log(
      `kubectl ${kubectl.version}, lab ${lab}: ${matched} of ${total} commands answer as recorded, ${differences.length} differ`,
    )
    expect({ differences, faults }).toEqual({ differences: [], faults: [] })
    expect(matched).toBeGreaterThan(total * 0.8)
  },
  300_000,
)
