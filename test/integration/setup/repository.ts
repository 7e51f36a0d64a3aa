import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Git } from '../../../src/git/git.ts'

/** A main worktree with one commit and one linked worktree beside it, gone when the test is over. */
export interface Repository {
  readonly root: string
  readonly main: string
  readonly worktree: string
  readonly commonDir: string
  readonly git: Git
  run(cwd: string, ...args: string[]): string
  /** `git status` of the linked worktree, one line for each path. */
  status(): string
}

export function makeRepository(files: Readonly<Record<string, string>> = {}): Repository {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'fr setup ')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    GIT_CONFIG_GLOBAL: join(root, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  }
  writeFileSync(env.GIT_CONFIG_GLOBAL, '[init]\n\tdefaultBranch = main\n')
  const run = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, env, encoding: 'utf8' })
  const main = join(root, 'project')
  const worktree = join(root, 'sessions', 'one')
  mkdirSync(main)
  run(main, 'init', '-q')
  writeFiles(main, { 'README.md': 'hello\n', ...files })
  run(main, 'add', '-A')
  run(main, 'commit', '-q', '-m', 'first')
  run(main, 'worktree', 'add', '-q', '-b', 'session/one', worktree)
  const git = new Git(main, env)
  return {
    root,
    main,
    worktree,
    commonDir: join(main, '.git'),
    git,
    run,
    status: () => run(worktree, 'status', '--porcelain', '-uall'),
  }
}

export function writeFiles(directory: string, files: Readonly<Record<string, string>>, mode = 0o644): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
    chmodSync(join(directory, path), mode)
  }
}
