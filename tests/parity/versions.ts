// Which kubectls walk which labs: all of them with `npm run matrix`; else the oldest and the one that was recorded.

import { type Kubectl, kubectls } from '../../build/kubectls.ts'

const all = await kubectls()
const wanted = process.env.KHW_MATRIX === 'all' ? all : all.filter((_, index) => index === 0 || index === all.length - 1)

export const isRecorded = ({ version }: Kubectl): boolean => version.startsWith('1.36.')

/** Those of this run, oldest first. */
export const versions: readonly Kubectl[] = wanted
/** The one that was recorded, where it is at hand. */
export const recorded: Kubectl | undefined = all.find(isRecorded)
