import * as z from 'zod'
import type { ConflictKind } from '../../git/conflict-kind.ts'
import type { OrderAnswer, OrderReason } from './order-answer.ts'
import type { PairsAnswer } from './radar-answer.ts'
import type { FileTouches } from './touch-answer.ts'

const kinds = [
  'content',
  'add/add',
  'binary',
  'modify/delete',
  'rename',
  'file/directory',
  'mode',
  'submodule',
  'other',
] as const satisfies readonly ConflictKind[]

const reasons = [
  'merges',
  'sessions',
  'base',
  'together',
  'nothing',
  'in-base',
  'no-base',
  'unreadable',
] as const satisfies readonly OrderReason[]

const path = z.string().describe('From the root of the worktree, with slashes.')
const side = z.string().describe("A session's id, or `base:` and the name of a branch.")

const pair = z.looseObject({
  a: side,
  b: side,
  overlap: z.array(path).describe('What both changed since they parted.'),
  conflict: z.array(z.looseObject({ path, kind: z.enum(kinds) })).describe('Where merging them would conflict.'),
  unknown: z.optional(z.literal(true)).describe('Git could not read one of them: whether they would conflict is not known.'),
  documents: z.array(path).describe('Those of the above that are specs or progress notes, as configured.'),
})

const pairsAnswer = z.looseObject({
  compared: z.int().min(0).describe('How many pairs were looked at.'),
  pairs: z.array(pair).describe('Those with an overlap or a conflict, and those that could not be compared; a conflict first.'),
  merged: z.array(z.string()).describe('Ids of sessions that were left out: all of them is in their base already.'),
}) satisfies z.ZodType<PairsAnswer>

const orderAnswer = z.looseObject({
  order: z.array(z.string()).describe('Ids of sessions, the one to be merged first first.'),
  orderReasons: z
    .array(
      z.looseObject({
        id: z.string(),
        base: z.string().describe('The branch it is merged into.'),
        reason: z
          .enum(reasons)
          .describe(
            'merges; conflicts with sessions before it, with its base as that is now, or only with those before it together; left out: nothing in it, works on its base itself, its base is gone, git cannot read it.',
          ),
        conflictsWith: z.array(side).describe('With whom it conflicts, wherever they have their place.'),
        paths: z.array(path).describe('Files in conflict when it is its turn.'),
        uncommitted: z.boolean().describe('There is work in it that is not committed.'),
      }),
    )
    .describe('In the same order; then those that are not in it.'),
}) satisfies z.ZodType<OrderAnswer>

const touches = z.looseObject({
  path: path.describe('What was asked about; empty for all of the worktree.'),
  document: z.boolean().describe('It is a spec or progress note, as configured.'),
  touchedBy: z
    .array(
      z.looseObject({
        id: side,
        since: z.nullable(z.string()).describe('ISO time of the first change; null where that cannot be told.'),
        committed: z.boolean(),
        uncommitted: z.boolean(),
        conflict: z.boolean().describe('With the session that asks; where none does, with any other or with its base.'),
        paths: z.array(path).describe('Files in a folder, and the other name of one that was moved.'),
      }),
    )
    .describe('Without the session that asks; those in conflict first, then the oldest change.'),
}) satisfies z.ZodType<FileTouches>

const finding = z.looseObject({
  code: z.string(),
  message: z.string(),
  hint: z.optional(z.string()),
  details: z.optional(z.record(z.string(), z.unknown())),
})

const error = z.looseObject({ code: z.string(), message: z.string(), hint: z.optional(z.string()) })

const answer = z.looseObject({
  version: z.literal(1),
  command: z.literal('radar'),
  ok: z.boolean().describe('false with an error, also where `--check` found conflicts; then there is data too.'),
  data: z.optional(
    z.union([
      z.looseObject({ ...pairsAnswer.shape, ...orderAnswer.shape }).describe('Of `radar --order`.'),
      pairsAnswer.describe('Of `radar`.'),
      z.looseObject({ files: z.array(touches) }).describe('Of `radar --file`.'),
    ]),
  ),
  findings: z.optional(z.array(finding)),
  error: z.optional(error),
})

/** The JSON Schema of what `radar --json` prints, as it is published. Fields may be added. */
export function radarJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(answer), title: 'Answer of flightrules radar --json' }
}
