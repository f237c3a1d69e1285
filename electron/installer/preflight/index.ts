// Pre-flight: whether this machine can carry MicroK8s, said before anything is changed. No root, nothing written, under a second.

import type { CheckResult } from '../../contract/setup.ts'
import { realClock } from '../../platform/clock.ts'
import type { Machine } from '../machine.ts'
import { type Aim, type Check, type Found, unknown } from './check.ts'
import { docker, forward, ufw } from './firewall.ts'
import { microk8s, otherKubernetes, residue } from './kubernetes.ts'
import { defaultRoute, ports, subnets } from './network.ts'
import { disk, memory, processors, staging } from './room.ts'
import { architecture, controlGroups, hostname, ipTables, kernelLog, snapd, ubuntu } from './system.ts'
import { bundle, kubeconfig, rights } from './user.ts'

export { type Aim, aimOf, type Check, type Found } from './check.ts'

/** In the order in which people read them. */
export const checks: readonly Check[] = [
  architecture,
  ubuntu,
  controlGroups,
  kernelLog,
  ipTables,
  snapd,
  memory,
  processors,
  disk,
  staging,
  hostname,
  defaultRoute,
  subnets,
  ports,
  forward,
  ufw,
  docker,
  otherKubernetes,
  residue,
  microk8s,
  rights,
  kubeconfig,
  bundle,
]

/** A check that hangs on something, such as a dead network disk, must not keep the others. */
const patienceMs = 5000

const outcome = async (check: Check, machine: Machine, aim: Aim): Promise<Found> => {
  const enough = new AbortController()
  const late = realClock.sleep(patienceMs, enough.signal).then(
    () => unknown({ problem: `> ${patienceMs / 1000} s` }),
    () => unknown(),
  )
  try {
    return await Promise.race([check.look(machine, aim), late])
  } catch (error) {
    return unknown({ problem: error instanceof Error ? error.message : String(error) })
  } finally {
    enough.abort()
  }
}

/** All checks at once, each with its answer; never throws. */
export const preflight = (machine: Machine, aim: Aim = {}): Promise<CheckResult[]> =>
  Promise.all(
    checks.map(async check => {
      const { facts = {}, ...found } = await outcome(check, machine, aim)
      return { id: check.id, ...found, facts }
    }),
  )
