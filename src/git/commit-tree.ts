import { FlightRulesError } from '../errors.ts'
import type { Git } from './git.ts'
import { GitError } from './git-error.ts'
import type { Commit, Person } from './log.ts'

export interface CommitInput {
  readonly tree: string
  readonly parents: readonly string[]
  /** Bytes are taken as they are. */
  readonly message: string | Uint8Array
  /** Default: who git says is at work. */
  readonly author?: Person
  /** As git stores it: `1700000000 +0200`. Default: now. */
  readonly authorDate?: string
  readonly sign?: boolean
}

/**
 * Writes a commit no ref points to yet, without a worktree.
 * @throws FlightRulesError SIGNING_FAILED with the words of who signs.
 */
export async function commitTree(git: Git, input: CommitInput): Promise<string> {
  try {
    return await writeCommit(git, input)
  } catch (error) {
    if (input.sign !== true || !(error instanceof GitError)) throw error
    // whatever fails without a signature too is about something else
    await writeCommit(git, { ...input, sign: false })
    throw new FlightRulesError({
      kind: 'failed',
      code: 'SIGNING_FAILED',
      message: `the commit could not be signed, as commit.gpgSign asks for; nothing was changed: ${error.stderr.trim()}`,
      hint: 'see that this signs: git commit-tree -S -m test HEAD^{tree}    or make commits without: git config commit.gpgSign false',
      cause: error,
    })
  }
}

async function writeCommit(git: Git, input: CommitInput): Promise<string> {
  const parents = input.parents.flatMap((parent) => ['-p', parent])
  const sign = input.sign === true ? ['-S'] : ['--no-gpg-sign']
  const env = {
    ...(input.author === undefined ? {} : { GIT_AUTHOR_NAME: input.author.name, GIT_AUTHOR_EMAIL: input.author.email }),
    ...(input.authorDate === undefined ? {} : { GIT_AUTHOR_DATE: `@${input.authorDate}` }),
  }
  // the message is UTF-8 whatever encoding the project's commits are marked with
  const args = ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', ...sign, ...parents, '-F', '-', input.tree]
  return git.readLine(args, { input: ended(input.message), env })
}

/** Writes a commit that was made elsewhere onto another parent, author, date and message as they are, however odd. It is not signed. */
export async function copyCommit(
  git: Git,
  { author, authorDate, message }: Commit,
  place: { readonly tree: string; readonly parent: string },
): Promise<string> {
  const lines = [
    `tree ${place.tree}`,
    `parent ${place.parent}`,
    `author ${author.name} <${author.email}> ${authorDate}`,
    `committer ${await git.readLine(['var', 'GIT_COMMITTER_IDENT'])}`,
  ]
  return git.readLine(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: `${lines.join('\n')}\n\n${message}` })
}

function ended(message: string | Uint8Array): string | Uint8Array {
  return typeof message !== 'string' || message === '' || message.endsWith('\n') ? message : `${message}\n`
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
