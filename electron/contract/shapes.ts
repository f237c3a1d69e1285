// Schemas that several domains share.

import * as z from 'zod/mini'
import { type ErrorCode, errorIds, type WireError } from './errors.ts'

export const nothing = z.object({})

export const wireError = z.object({
  code: z.enum(Object.keys(errorIds) as [ErrorCode, ...ErrorCode[]]),
  details: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
}) satisfies { parse(value: unknown): WireError }

export const language = z.enum(['zh-CN', 'en'])
export type Language = z.infer<typeof language>

export const bytes = z.instanceof(Uint8Array)

/** Short identifiers that name something declared elsewhere: a lesson, a task, a session. Never a path. */
export const id = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[^/\\\0]+$/))
