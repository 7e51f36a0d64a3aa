import { quoteForShell } from '../../files/quote-for-shell.ts'
import { FlightRulesError } from '../../errors.ts'
import type { Git } from '../../git/git.ts'
import { findRepositoryLocation } from '../../git/locate-repository.ts'
import { listWorktrees } from '../../git/worktrees.ts'

export interface MainWorktree {
  /** The main worktree; the repository itself where it is bare. */
  readonly main: string
  readonly commonDir: string
  readonly isBare: boolean
}

/** @throws FlightRulesError NOT_A_REPOSITORY, LINKED_WORKTREE, INSIDE_GIT_DIRECTORY. */
export async function requireMainWorktree(git: Git): Promise<MainWorktree> {
  const location = await findRepositoryLocation(git.cwd)
  if (location === undefined) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'NOT_A_REPOSITORY',
      message: `${git.cwd} is not in a git repository`,
      hint: 'git init && flightrules init',
    })
  }
  const { worktree, gitDir, commonDir } = location
  if (gitDir !== commonDir) {
    const main = (await listWorktrees(git))[0]?.path ?? commonDir
    throw new FlightRulesError({
      kind: 'usage',
      code: 'LINKED_WORKTREE',
      message: `${worktree ?? git.cwd} is a linked worktree; a repository is set up from its main directory, ${main}`,
      hint: `flightrules -C ${quoteForShell(main)} init`,
      details: { main },
    })
  }
  if (worktree !== null) return { main: worktree, commonDir, isBare: false }
  if ((await git.readLine(['rev-parse', '--is-bare-repository'])) === 'true') return { main: commonDir, commonDir, isBare: true }
  throw new FlightRulesError({
    kind: 'usage',
    code: 'INSIDE_GIT_DIRECTORY',
    message: `${git.cwd} is inside git's own directory, not in the files of the repository`,
    hint: 'go to the main directory and run: flightrules init',
  })
}
