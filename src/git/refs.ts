import { FlightRulesError } from '../errors.ts'
import type { Git } from './git.ts'
import { GitError } from './git-error.ts'

export interface Ref {
  /** Full name: `refs/heads/main`. */
  readonly ref: string
  readonly oid: string
  /** Full name of the branch it tracks, null when it tracks none. */
  readonly upstream: string | null
  /** Path of the worktree that has it checked out, null when none has. */
  readonly worktree: string | null
}

/** What a ref must be before (`old`) and shall be afterwards (`new`); null means: does not exist. */
export interface RefUpdate {
  readonly ref: string
  readonly new: string | null
  readonly old: string | null
}

/** Refs under the prefixes or with the full names given, in one git process. */
export async function listRefs(git: Git, patterns: readonly string[]): Promise<Ref[]> {
  const format = '--format=%(refname)%00%(objectname)%00%(upstream)%00%(worktreepath)%00'
  return parseRefs(await git.read(['for-each-ref', format, '--', ...patterns]))
}

/** Reads the output of the format above: four fields a ref, each ended by NUL, since a worktree's path may hold a newline. */
export function parseRefs(output: string): Ref[] {
  const fields = output.split('\0')
  const refs: Ref[] = []
  for (let index = 0; index + 4 < fields.length; index += 4) {
    const [name = '', oid = '', upstream, worktree] = fields.slice(index, index + 4)
    refs.push({ ref: name.replace(/^\n/, ''), oid, upstream: upstream || null, worktree: worktree || null })
  }
  return refs
}

/** The object a full ref name points to, null when there is no such ref. Never guesses as `rev-parse` does. */
export async function readRef(git: Git, ref: string): Promise<string | null> {
  const output = await git.read(['for-each-ref', '--format=%(refname)%00%(objectname)', '--', ref])
  for (const line of output.split('\n')) {
    const [name, oid] = line.split('\0')
    // a missing `a` also matches `a/b`
    if (name === ref && oid !== undefined) return oid
  }
  return null
}

/** The commit anything a person may type stands for, null when it stands for none. A leading dash is data. */
export async function resolveCommit(git: Git, rev: string): Promise<string | null> {
  if (rev === '') return null
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${rev}^{commit}`]
  const { status, stdout } = await git.run(args, { accept: [0, 1] })
  return status === 0 ? stdout.trim() : null
}

/**
 * Moves, makes and deletes refs in one transaction: all of them or none.
 * @throws FlightRulesError REF_MOVED when a ref is not what was expected; GitError for anything else.
 */
export async function updateRefs(git: Git, updates: readonly RefUpdate[], reason: string): Promise<void> {
  if (updates.length === 0) return
  const input = updates.map(toCommand).join('')
  try {
    await git.run(['update-ref', '-m', reason.replaceAll('\n', ' '), '--stdin', '-z'], { input })
  } catch (error) {
    if (error instanceof GitError) await throwIfMoved(git, updates, error)
    throw error
  }
}

function toCommand(update: RefUpdate): string {
  const old = orNull(update.old)
  const next = orNull(update.new)
  if (next === null) {
    // a branch that is a symbolic ref goes itself, not the branch it stands for
    return old === null ? `verify ${update.ref}\0\0` : `option no-deref\0delete ${update.ref}\0${old}\0`
  }
  return old === null ? `create ${update.ref}\0${next}\0` : `update ${update.ref}\0${next}\0${old}\0`
}

/** git's words for a failed expectation change from version to version; the refs themselves tell. */
async function throwIfMoved(git: Git, updates: readonly RefUpdate[], cause: GitError): Promise<void> {
  for (const update of updates) {
    const expected = orNull(update.old)
    const actual = await readRef(git, update.ref)
    if (actual === expected) continue
    throw new FlightRulesError({
      kind: 'failed',
      code: 'REF_MOVED',
      message: `${update.ref} is ${actual ?? 'gone'}, not ${expected ?? 'absent'} as it was a moment ago; no ref was changed`,
      hint: 'run the command again',
      details: { ref: update.ref, expected, actual },
      cause,
    })
  }
}

function orNull(oid: string | null): string | null {
  return oid === null || /^0+$/.test(oid) ? null : oid
}
