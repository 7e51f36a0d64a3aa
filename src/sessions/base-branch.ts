import { FlightRulesError } from '../errors.ts'
import type { BranchTips } from '../git/branches.ts'
import type { Worktree } from '../git/worktrees.ts'
import type { Context } from './context.ts'

export interface Base {
  /** Short branch name. */
  readonly branch: string
  readonly oid: string
}

/**
 * The branch sessions start from: the configured one, else the remote's default, else `init.defaultBranch`,
 * else what the main worktree has checked out.
 * @throws FlightRulesError NO_COMMITS, BASE_NOT_FOUND.
 */
export async function resolveBase(context: Context, tips: BranchTips, mainWorktree: Worktree): Promise<Base> {
  const configured = context.loaded.config.base
  if (configured !== null) return requireBranch(tips, configured)
  const head = mainWorktree.branch?.replace('refs/heads/', '')
  const candidates = [tips.originHead, await readDefaultBranch(context), head]
  for (const candidate of candidates) {
    if (candidate === null || candidate === undefined || candidate === '') continue
    const found = findBranch(tips, candidate)
    if (found !== undefined) return found
  }
  if (tips.local.size === 0 && mainWorktree.head === null) throw noCommits(context.main)
  throw new FlightRulesError({
    kind: 'usage',
    code: 'BASE_NOT_FOUND',
    message: `no base branch could be found: there is no origin/HEAD, and ${context.bare ? 'the repository is bare (core.bare is true)' : 'the main worktree has no branch checked out'}`,
    hint: `name it: --base <branch>, or \`base\` in the configuration${context.bare ? '; if the repository should not be bare: flightrules doctor' : ''}`,
  })
}

/** @throws FlightRulesError BASE_NOT_FOUND. */
export function requireBranch(tips: BranchTips, name: string): Base {
  const found = findBranch(tips, name)
  if (found !== undefined) return found
  if (tips.local.size === 0) throw noCommits()
  throw new FlightRulesError({
    kind: 'usage',
    code: 'BASE_NOT_FOUND',
    message: `there is no branch ${JSON.stringify(name)} to start from, neither here nor on origin`,
    hint: 'name one that exists: --base <branch>, or `base` in the configuration',
    details: { base: name, branches: [...tips.local.keys()].slice(0, 20) },
  })
}

/** A branch here, else on origin; `origin/<name>` is the remote's, whatever the local one of that name is at. */
export function findBranch(tips: BranchTips, name: string): Base | undefined {
  const oid = tips.local.get(name) ?? tips.remote.get(`origin/${name}`)
  if (oid !== undefined) return { branch: name, oid }
  const remote = name.startsWith('origin/') ? tips.remote.get(name) : undefined
  return remote === undefined ? undefined : { branch: name.slice('origin/'.length), oid: remote }
}

async function readDefaultBranch(context: Context): Promise<string | undefined> {
  const { stdout } = await context.git.run(['config', '--get', 'init.defaultBranch'], { accept: [0, 1] })
  return stdout.trim() || undefined
}

function noCommits(main?: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'NO_COMMITS',
    message: `the repository${main === undefined ? '' : ` ${main}`} has no commit yet, so there is nothing a session could start from`,
    hint: 'git add --all && git commit -m "first commit"',
  })
}
