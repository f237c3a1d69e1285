// Label selectors of controllers: none selects nothing, as metav1.LabelSelectorAsSelector has it.

import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import { matchesSelector } from '../selectors.ts'

export const selects = (selector: LabelSelector | undefined, labels: Record<string, string> = {}): boolean =>
  selector !== undefined && matchesSelector(selector, labels)
