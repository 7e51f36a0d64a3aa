import { Git } from '../../../src/git/git.ts'
import { makeRepository, type RepositoryOptions, type TestRepository } from '../../support/repository.ts'

export interface SessionRepository extends TestRepository {
  /** Our runner in the main worktree. */
  readonly runner: Git
  /** Commits on a branch that nobody has to have checked out; `null` deletes a file. Gives the new tip. */
  on(
    branch: string,
    message: string,
    files?: Readonly<Record<string, string | null>>,
    env?: Readonly<Record<string, string>>,
  ): Promise<string>
  oid(rev: string): Promise<string>
  show(commit: string, path: string): Promise<string>
}

/** Ten numbered lines, some replaced: edits far apart merge, edits of one line conflict. */
export function lines(changes: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: 10 }, (_, index) => `${changes[index + 1] ?? `line ${index + 1}`}\n`).join('')
}

/** A repository with `main` checked out and a branch `session` made from it. */
export async function makeSessionRepository(options: RepositoryOptions = {}): Promise<SessionRepository> {
  const repository = await makeRepository({ files: { 'file.txt': lines(), 'other.txt': 'other\n' }, ...options })
  const runner = new Git(repository.path, repository.env)
  let clock = 1_700_000_000
  await repository.git(['branch', 'session'])

  const on: SessionRepository['on'] = async (branch, message, files = {}, env = {}) => {
    const index = { GIT_INDEX_FILE: `${repository.parent}/index-${branch.replaceAll('/', '_')}` }
    await runner.run(['read-tree', branch], { env: index })
    for (const [path, content] of Object.entries(files)) {
      if (content === null) {
        await runner.run(['update-index', '--force-remove', '--', path], { env: index })
        continue
      }
      const blob = await runner.readLine(['hash-object', '-w', '--stdin'], { input: content })
      await runner.run(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { env: index })
    }
    const tree = await runner.readLine(['write-tree'], { env: index })
    clock += 60
    const dates = { GIT_AUTHOR_DATE: `${clock} +0200`, GIT_COMMITTER_DATE: `${clock} +0200` }
    const commit = await runner.readLine(['commit-tree', tree, '-p', branch, '-m', message], { env: { ...dates, ...env } })
    const checkedOut = (await repository.git(['symbolic-ref', 'HEAD'])) === `refs/heads/${branch}`
    if (checkedOut) await repository.git(['merge', '--quiet', '--ff-only', commit])
    else await repository.git(['update-ref', '-m', `commit: ${message}`, `refs/heads/${branch}`, commit])
    return commit
  }
  return {
    ...repository,
    runner,
    on,
    oid: (rev) => repository.git(['rev-parse', rev]),
    show: (commit, path) => runner.read(['show', `${commit}:${path}`]),
  }
}
