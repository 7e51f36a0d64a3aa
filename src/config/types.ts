/**
 * The configuration as people write it (`FlightRulesConfig`) and as the engine uses it (`ResolvedConfig`).
 * Types only: `src/index.ts` re-exports them and every config file imports that.
 */

/** What a hook function written in the config receives. */
export interface HookContext {
  readonly project: string
  readonly session: string
  readonly branch: string
  readonly base: string
  /** Absolute path of the main worktree. */
  readonly main: string
  /** Absolute path of the session's worktree; also the current directory. */
  readonly worktree: string
  readonly ports: Readonly<Record<string, number>>
  readonly env: Readonly<Record<string, string>>
}

export type HookFunction = (context: HookContext) => void | Promise<void>

/** A shell line, several that run in order and stop at the first failure, or a function. */
export type HookCommands = string | readonly string[] | HookFunction

export type SessionMode = 'ask' | 'parallel' | 'standard'
export type DependencyStrategy = 'clone' | 'symlink' | 'none'
export type EndStrategy = 'pr' | 'merge' | 'keep' | 'abandon'
export type MergeMethod = 'merge' | 'squash' | 'rebase' | 'ff-only'
export type SyncMethod = 'rebase' | 'merge'
export type ForgeKind = 'github' | 'gitlab'

/**
 * A port to start looking from (that port itself stays the main worktree's), or an inclusive range; with `count` the first of so many in a
 * row, all free.
 */
export type PortRequest = number | { readonly from: number; readonly to: number; readonly count?: number }

/** Tools whose names for a session's directories and branch the project's commands can get too. */
export type ToolName = 'cursor' | 'conductor' | 'codex' | 'emdash' | 'superset'

export interface FlightRulesConfig {
  /** For editors: where the JSON Schema is. */
  readonly $schema?: string
  /** Presets by name, or preset objects; later ones win. */
  readonly extends?: readonly (PresetName | (string & {}) | Preset)[]
  /** Where sessions live, relative to the main worktree; `{project}` is the main worktree's folder name. */
  readonly sessionsDir?: string
  /** Put in front of a session's name to make its branch. */
  readonly branchPrefix?: string
  /** The branch sessions start from and go back to. Default: origin/HEAD's branch, else `init.defaultBranch`, else the one checked out. */
  readonly base?: string
  /** What `start` does when no flag says. */
  readonly mode?: SessionMode
  /** Globs, relative to the main worktree, of ignored files each session gets a copy of. */
  readonly envFiles?: readonly string[]
  readonly dependencies?: {
    /** Folders, as globs relative to the main worktree. */
    readonly paths?: readonly string[]
    readonly strategy?: DependencyStrategy
  }
  /** One free port for each name and session. */
  readonly ports?: Readonly<Record<string, PortRequest>>
  /** Variables for each session; `{…}` templates are filled in. */
  readonly env?: Readonly<Record<string, string>>
  /** Tools by whose names the project's commands get the session's values too, as scripts written for those expect. */
  readonly aliases?: readonly ToolName[]
  /** File in the worktree that gets the block of ports and variables. */
  readonly envOut?: string
  /** Run in a new session, after env files and ports are in place. */
  readonly postCreateHook?: HookCommands
  /** Run before a session's worktree goes; its failure never keeps the worktree. */
  readonly preRemoveHook?: HookCommands
  readonly sessionLog?: false | { readonly dir?: string }
  readonly end?: {
    readonly strategy?: EndStrategy
    readonly merge?: MergeMethod
    readonly sync?: false | SyncMethod
    readonly deleteBranch?: 'merged' | 'never'
    readonly pr?: {
      readonly draft?: boolean
      readonly labels?: readonly string[]
      readonly reviewers?: readonly string[]
    }
  }
  /** Globs, relative to the worktree, of files people only add lines to: git merges what both added, without a conflict. */
  readonly appendOnly?: readonly string[]
  /** Globs, relative to the worktree, of specs and progress notes; the radar names them as such. */
  readonly documents?: readonly string[]
  readonly stale?: { readonly days?: number; readonly behind?: number }
  readonly hooks?: {
    readonly postCheckout?: { readonly register?: 'all' | 'sessions' | false; readonly setup?: boolean }
    readonly prePush?: {
      readonly registered?: 'register' | 'refuse' | 'ignore'
      readonly cleanTree?: 'sessions' | 'all' | false
      readonly untracked?: 'refuse' | 'warn' | 'ignore'
      readonly conflicts?: 'refuse' | 'warn' | 'ignore'
    }
    readonly postMerge?: { readonly cleanup?: 'auto' | 'report' | false }
  }
  readonly agents?: {
    /** What an agent gets to know that is about to edit a file another session changes too. */
    readonly overlap?: 'off' | 'warn' | 'deny'
  }
  readonly trash?: { readonly days?: number }
  /** Which forge a host is, by its name: for those whose name does not tell. */
  readonly forges?: Readonly<Record<string, ForgeKind>>
}

export type PresetName = 'npm' | 'pnpm' | 'yarn' | 'bun' | 'python-uv' | 'python-venv' | 'rust' | 'go' | 'compose' | 'monorepo'

/** A named set of defaults for one ecosystem. */
export interface Preset extends Omit<FlightRulesConfig, '$schema' | 'extends'> {
  readonly name: string
}

/** Marks a hook that is a function in the config file; it is loaded and run in a child process. */
export interface FunctionHook {
  readonly function: true
}

/** Shell lines in order, or a function of the config file. */
export type ResolvedHook = readonly string[] | FunctionHook

/** Every value filled in, nothing optional, plain JSON: this is what the compiled snapshot holds. */
export interface ResolvedConfig {
  readonly sessionsDir: string
  readonly branchPrefix: string
  /** null: found out from the repository. */
  readonly base: string | null
  readonly mode: SessionMode
  readonly envFiles: readonly string[]
  readonly dependencies: { readonly paths: readonly string[]; readonly strategy: DependencyStrategy }
  readonly ports: Readonly<Record<string, PortRequest>>
  readonly env: Readonly<Record<string, string>>
  readonly aliases: readonly ToolName[]
  readonly envOut: string
  readonly postCreateHook: ResolvedHook
  readonly preRemoveHook: ResolvedHook
  readonly sessionLog: false | { readonly dir: string }
  readonly end: {
    readonly strategy: EndStrategy
    readonly merge: MergeMethod
    readonly sync: false | SyncMethod
    readonly deleteBranch: 'merged' | 'never'
    readonly pr: { readonly draft: boolean; readonly labels: readonly string[]; readonly reviewers: readonly string[] }
  }
  readonly appendOnly: readonly string[]
  readonly documents: readonly string[]
  readonly stale: { readonly days: number; readonly behind: number }
  readonly hooks: {
    readonly postCheckout: { readonly register: 'all' | 'sessions' | false; readonly setup: boolean }
    readonly prePush: {
      readonly registered: 'register' | 'refuse' | 'ignore'
      readonly cleanTree: 'sessions' | 'all' | false
      readonly untracked: 'refuse' | 'warn' | 'ignore'
      readonly conflicts: 'refuse' | 'warn' | 'ignore'
    }
    readonly postMerge: { readonly cleanup: 'auto' | 'report' | false }
  }
  readonly agents: { readonly overlap: 'off' | 'warn' | 'deny' }
  readonly trash: { readonly days: number }
  readonly forges: Readonly<Record<string, ForgeKind>>
}

/** Where a resolved value came from, by dotted path: `preset:pnpm`, a file name, or `default`. */
export type ConfigOrigins = Readonly<Record<string, string>>

/**
 * `approved`: exactly these bytes were approved in this repository, their commands may run.
 * `unapproved`: there is a config nobody here approved, it was not loaded (values are the last approved ones or the defaults).
 * `none`: there is no config file; defaults apply and there is no command to run.
 */
export type TrustState = 'approved' | 'unapproved' | 'none'

/** A finding; in its own words here because these types go out with the package. */
export interface Doubt {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export interface LoadedConfig {
  readonly config: ResolvedConfig
  readonly origins: ConfigOrigins
  /** Absolute path of the config file, null when there is none. */
  readonly file: string | null
  /** sha256 over the config file, the overrides and the local files they import; null when there is no config file. */
  readonly digest: string | null
  readonly trust: TrustState
  /** Why what was approved once does not count: to be said loudly. Only where the config is unapproved. */
  readonly doubts?: readonly Doubt[]
}
