import { join } from 'node:path'
import { defaultConfig } from '../../../src/config/defaults.ts'
import type { LoadedConfig, ResolvedConfig } from '../../../src/config/types.ts'
import type { Context } from '../../../src/sessions/context.ts'
import { loadSessions, type RegisteredSession, type SessionSet } from '../../../src/sessions/load-sessions.ts'
import { openContext } from '../../../src/sessions/open-context.ts'
import { type Reconciled, reconcile } from '../../../src/sessions/reconcile.ts'
import { type StartResult, startSession } from '../../../src/sessions/start.ts'
import type { StartInput } from '../../../src/sessions/start-input.ts'
import { makeRepository, type RepositoryOptions, type TestRepository } from '../../support/repository.ts'

export interface EngineOptions extends RepositoryOptions {
  readonly config?: Partial<ResolvedConfig>
}

/** A repository whose sessions are handled by the engine itself, in this process. */
export interface Engine extends TestRepository {
  readonly sessionsDir: string
  readonly commonDir: string
  open(cwd?: string): Promise<{ context: Context; set: SessionSet }>
  /** What every command does first. */
  reconcile(): Promise<Reconciled & { context: Context }>
  start(name: string, input?: Partial<StartInput>): Promise<StartResult>
  /** The session as it stands; throws when there is none. */
  session(id: string): Promise<RegisteredSession>
  manifest(): Promise<{ sessions: { id: string }[] }>
}

export const startInput: StartInput = {
  name: undefined,
  goals: [],
  base: undefined,
  fromHere: false,
  issue: null,
  dirtyMain: { kind: 'proceed' },
  reuseBranch: false,
  setup: 'run',
}

const plainConfig: ResolvedConfig = { ...defaultConfig, sessionLog: false }

/** What opens a context with this configuration and nothing to trust. */
export function loadConfigOf(config = plainConfig): () => Promise<LoadedConfig> {
  return async () => ({ config, origins: {}, file: null, digest: null, trust: 'none' })
}

export async function makeEngine(options: EngineOptions = {}): Promise<Engine> {
  const repository = await makeRepository(options)
  const config = { ...plainConfig, ...options.config }
  const sessionsDir = join(repository.parent, `${options.name ?? 'project'}-sessions`)
  const read = (cwd: string) =>
    openContext({
      cwd,
      env: repository.env,
      loadConfig: loadConfigOf(config),
    })
  const open: Engine['open'] = async (cwd = repository.path) => {
    const { context, worktrees } = await read(cwd)
    return { context, set: await loadSessions(context, worktrees) }
  }
  return {
    ...repository,
    sessionsDir,
    commonDir: join(repository.path, '.git'),
    open,
    async reconcile() {
      const { context, worktrees } = await read(repository.path)
      return { context, ...(await reconcile(context, worktrees)) }
    },
    async start(name, input = {}) {
      return startSession((await open()).context, { ...startInput, name, ...input })
    },
    async session(id) {
      const found = (await open()).set.registered.find((entry) => entry.session.id === id)
      if (found === undefined) throw new Error(`there is no session ${id}`)
      return found
    },
    async manifest() {
      return JSON.parse(await repository.read(join(sessionsDir, '.manifest.json'))) as { sessions: { id: string }[] }
    },
  }
}
