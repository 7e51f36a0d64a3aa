import { dirname } from 'node:path'
import { mapSideBySide } from '../files/side-by-side.ts'
import type { Environment } from '../git/environment.ts'
import { hasMainFiles } from '../git/has-main-files.ts'
import { Git } from '../git/git.ts'
import { noHooks } from '../git/no-hooks.ts'
import type { RepositoryLocation } from '../git/locate-repository.ts'
import { listAdminDirectories, listWorktrees, type Worktree } from '../git/worktrees.ts'
import { isTrashPath } from '../operations/trash/item.ts'
import type { OpenedContext } from '../sessions/context.ts'
import type { LocatedWorktree } from '../sessions/load-sessions.ts'
import { loadRecord, type RecordState } from '../sessions/record.ts'
import { requireLocation } from '../sessions/require-location.ts'
import { type HookAnswer, askHooks } from './hooks/ask-hooks.ts'
import { findHome } from './hooks/find-home.ts'
import { type InstalledHook, inspectHooks } from './hooks/inspect-hooks.ts'
import { readSettings, type Settings } from './settings.ts'

export interface FactsInput {
  readonly cwd: string
  readonly env: Environment
  readonly signal: AbortSignal
  /** The node that runs now. */
  readonly node: { readonly path: string; readonly version: string }
  /** The folder of this package, and its version. */
  readonly packageRoot: string
  readonly version: string
  /** Opens the repository as every other command does; may fail where it is broken. */
  readonly open: () => Promise<OpenedContext>
  readonly now?: () => Date
}

/** A linked worktree with what its git directory says about a session in it. */
export interface LinkedWorktree extends LocatedWorktree {
  readonly record: RecordState
}

/**
 * What several checks look at, each found out once and only when asked for. A fact that cannot be found out
 * fails every check that needs it, and no other.
 */
export class Facts {
  readonly input: FactsInput
  readonly location: RepositoryLocation
  /** Where the person is. */
  readonly git: Git
  readonly #known = new Map<string, Promise<unknown>>()

  private constructor(input: FactsInput, location: RepositoryLocation) {
    this.input = input
    this.location = location
    this.git = new Git(location.worktree ?? location.commonDir, input.env, input.signal)
  }

  /** @throws FlightRulesError NOT_A_REPOSITORY. */
  static async open(input: FactsInput): Promise<Facts> {
    return new Facts(input, await requireLocation(input.cwd))
  }

  get commonDir(): string {
    return this.location.commonDir
  }

  now(): Date {
    return this.input.now?.() ?? new Date()
  }

  opened(): Promise<OpenedContext> {
    return this.#once('opened', this.input.open)
  }

  worktrees(): Promise<Worktree[]> {
    return this.#once('worktrees', () => listWorktrees(this.git))
  }

  /** The main worktree's root, also where git was told that there is none; null in a bare repository. */
  main(): Promise<string | null> {
    return this.#once('main', async () => {
      if (await this.hasMainFiles()) return dirname(this.commonDir)
      const [first] = await this.worktrees()
      return first === undefined || first.bare ? null : first.path
    })
  }

  hasMainFiles(): Promise<boolean> {
    return hasMainFiles(this.commonDir)
  }

  /** Linked worktrees but for those in the trash. */
  linked(): Promise<readonly LinkedWorktree[]> {
    return this.#once('linked', async () => {
      const [worktrees, adminDirs] = await Promise.all([this.worktrees(), listAdminDirectories(this.commonDir)])
      const located = worktrees.flatMap((worktree) => {
        const gitDir = adminDirs.get(worktree.path)
        return worktree.main || gitDir === undefined || isTrashPath(worktree.path) ? [] : [{ worktree, gitDir }]
      })
      return Promise.all(located.map(async (entry) => ({ ...entry, record: await loadRecord(entry.gitDir) })))
    })
  }

  /** Roots of the worktrees that are there, the main one first. */
  roots(): Promise<readonly string[]> {
    return this.#once('roots', async () => {
      const [main, linked] = await Promise.all([this.main(), this.linked()])
      const there = linked.filter(({ worktree }) => worktree.prunable === null && worktree.locked !== 'initializing')
      return [...(main === null ? [] : [main]), ...there.map(({ worktree }) => worktree.path)]
    })
  }

  /** git's configuration as it holds in the main worktree, or in the bare repository. */
  settings(): Promise<Settings> {
    return this.#once('settings', async () => {
      // where git gives up on the repository it lists what holds elsewhere and says nothing
      await this.git.run(['rev-parse', '--git-dir'])
      return readSettings(this.git.at((await this.main()) ?? this.commonDir))
    })
  }

  /** What git would run as our three hooks, in each worktree that is there but those of somebody else's work, where it is to run none. */
  hooks(): Promise<readonly InstalledHook[]> {
    return this.#once('hooks', async () => {
      const main = await this.main()
      const hooks = await mapSideBySide(await this.roots(), (root) => inspectHooks(this, root, root === main))
      return hooks.flat().filter(({ directory }) => directory !== noHooks(this.commonDir))
    })
  }

  /** Where our hooks are, as a value of core.hooksPath; undefined where there are none. */
  hooksHome(): Promise<{ value: string | null } | undefined> {
    return this.#once('hooksHome', () => findHome(this))
  }

  /** What those hooks said when they were run with our question; null for one that may not be run. */
  answers(): Promise<ReadonlyMap<InstalledHook, HookAnswer>> {
    return this.#once('answers', async () => askHooks(this.input, await this.hooks()))
  }

  #once<T>(name: string, find: () => Promise<T>): Promise<T> {
    const known = this.#known.get(name) ?? find()
    // whoever asks first may be gone by the time it fails
    known.catch(() => {})
    this.#known.set(name, known)
    return known as Promise<T>
  }
}
