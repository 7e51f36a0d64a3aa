import * as z from 'zod/mini'

/** Wide on purpose: the manifest is a projection, so a field we cannot read costs an entry's history, not work. */
const entrySchema = z.looseObject({
  id: z.string(),
  branch: z.nullable(z.string()),
  worktree: z.string(),
  startedAt: z.string(),
  goals: z.array(z.string()),
  status: z.enum(['creating', 'active', 'ending', 'kept']),
  ports: z.record(z.string(), z.number()),
  orphaned: z.optional(z.boolean()),
})

export const manifestSchema = z.looseObject({
  version: z.number(),
  project: z.string(),
  main: z.string(),
  sessions: z.array(entrySchema),
})

/** A manifest as read: ours, with whatever newer versions and other tools added. */
export type StoredManifest = z.infer<typeof manifestSchema>

/** What is wrong with a value that is no manifest. */
export function explainManifest(value: unknown): string {
  const { error } = z.safeParse(manifestSchema, value)
  return error === undefined
    ? 'it is no manifest'
    : error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
}
