import { FlightRulesError } from '../errors.ts'
import type { Git } from './git.ts'
import { GitError } from './git-error.ts'
import type { Person } from './log.ts'

export interface CommitInput {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  /** Default: who git says is at work. */
  readonly author?: Person
  /** As git stores it: `1700000000 +0200`. Default: now. */
  readonly authorDate?: string
  readonly sign?: boolean
}

/** Writes a commit no ref points to yet, without a worktree. */
export async function commitTree(git: Git, input: CommitInput): Promise<string> {
  const parents = input.parents.flatMap((parent) => ['-p', parent])
  const sign = input.sign === true ? ['-S'] : ['--no-gpg-sign']
  const env = {
    ...(input.author === undefined ? {} : { GIT_AUTHOR_NAME: input.author.name, GIT_AUTHOR_EMAIL: input.author.email }),
    ...(input.authorDate === undefined ? {} : { GIT_AUTHOR_DATE: `@${input.authorDate}` }),
  }
  // the message is UTF-8 whatever encoding the project's commits are marked with
  const args = ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', ...sign, ...parents, '-F', '-', input.tree]
  const message = input.message === '' || input.message.endsWith('\n') ? input.message : `${input.message}\n`
  return git.readLine(args, { input: message, env })
}

/** Whether the person wants commits signed. */
export async function wantsSignedCommits(git: Git): Promise<boolean> {
  const { stdout } = await git.run(['config', '--type=bool', '--get', 'commit.gpgSign'], { accept: [0, 1] })
  return stdout.trim() === 'true'
}

/**
 * Who git will name as author and committer.
 * @throws FlightRulesError IDENTITY_MISSING when git has not been told.
 */
export async function requireIdentity(git: Git): Promise<{ author: Person; committer: Person }> {
  return { author: await readIdentity(git, 'GIT_AUTHOR_IDENT'), committer: await readIdentity(git, 'GIT_COMMITTER_IDENT') }
}

async function readIdentity(git: Git, variable: 'GIT_AUTHOR_IDENT' | 'GIT_COMMITTER_IDENT'): Promise<Person> {
  try {
    return parseIdentity(await git.readLine(['var', variable]))
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw new FlightRulesError({
      kind: 'failed',
      code: 'IDENTITY_MISSING',
      message: 'git does not know who you are, so no commit can be made; nothing was changed',
      hint: 'git config user.name "Your Name" && git config user.email you@example.com',
      cause: error,
    })
  }
}

/** Reads `Name <email> 1700000000 +0200`. */
export function parseIdentity(line: string): Person {
  const match = /^(.*?) ?<([^<>]*)> \d+ [+-]\d{4}$/.exec(line)
  return { name: match?.[1] ?? line, email: match?.[2] ?? '' }
}
