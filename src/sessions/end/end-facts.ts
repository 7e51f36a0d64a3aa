import { isAbsolute } from 'node:path'
import type { EndStrategy } from '../../config/types.ts'
import { hasFields, isNumber, isOneOf, isText, orAbsent, orNull } from '../../files/shape.ts'
import type { Move } from '../../integrate/recover-land.ts'
import type { Facts } from '../../operations/journal.ts'
import { StrangeEntryError } from '../../operations/operation.ts'
import { findNameProblem } from '../name.ts'

/** What the journal says of a session that was being ended. */
export interface EndFacts {
  readonly id: string
  readonly uuid: string
  readonly base: string
  readonly branch: string | null
  readonly path: string
  readonly strategy: EndStrategy
  readonly move?: Move
  /** When the move began. */
  readonly since?: string
  readonly integrated?: { readonly into: string; readonly oid: string }
  /** `tracking`: what git notes the push in. */
  readonly pushing?: { readonly remote: string; readonly branch: string; readonly tracking: string }
  readonly pushed?: { readonly remote: string; readonly branch: string; readonly oid: string }
  readonly pr?: { readonly number: number; readonly url: string }
}

const isOid = (value: unknown): boolean => typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)
const isBranchRef = (value: unknown): boolean =>
  typeof value === 'string' && /^refs\/heads\/(?!.*\.\.)[^\0-\x20~^:?*[\\]+$/.test(value)

const isEndFacts = hasFields({
  id: (value) => typeof value === 'string' && findNameProblem(value) === undefined,
  uuid: isText,
  base: isText,
  branch: orNull(isText),
  path: (value) => typeof value === 'string' && isAbsolute(value),
  strategy: isOneOf('merge', 'pr', 'keep', 'abandon'),
  move: orAbsent(hasFields({ ref: isBranchRef, from: isOid, to: isOid, worktree: orNull(isText), gitDir: orNull(isText) })),
  since: orAbsent(isText),
  integrated: orAbsent(hasFields({ into: isText, oid: isOid })),
  pushing: orAbsent(hasFields({ remote: isText, branch: isText, tracking: isText })),
  pushed: orAbsent(hasFields({ remote: isText, branch: isText, oid: isOid })),
  pr: orAbsent(hasFields({ number: isNumber, url: isText })),
})

/** @throws StrangeEntryError for anything an end of ours would not have written. */
export function readEndFacts(facts: Facts): EndFacts {
  if (!isEndFacts(facts)) throw new StrangeEntryError('it does not say which session was to be ended, or how')
  return facts as unknown as EndFacts
}
