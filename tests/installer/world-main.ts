// A run in the imaginary world that kills itself at the n-th point: `world-main.ts FOLDER apply|undo POINT`. Prints how many there are.

import { openWorld } from './world.ts'

const [folder = '', kind = 'apply', point = '0'] = process.argv.slice(2)
let passed = 0
const world = openWorld(folder, {
  tick: () => {
    passed += 1
    if (passed === Number(point)) process.kill(process.pid, 'SIGKILL')
  },
})
const outcome = await world.start(kind === 'undo' ? 'undo' : 'apply')
process.stdout.write(`${JSON.stringify({ ok: outcome.ok, points: passed })}\n`)
