import { join } from 'node:path'
import { findSources } from '../../src/config/load-config.ts'
import { findStateDirectory } from '../../src/config/state-directory.ts'
import { approveConfig } from '../../src/config/trust.ts'
import type { ManifestEntry } from '../../src/sessions/manifest.ts'
import type { StatusReport } from '../../src/sessions/session-status.ts'
import { copyTemplate } from './project-template.ts'
import { makeRepository, openRepository, type RepositoryOptions, type TestRepository } from './repository.ts'
import { type CliResult, type JsonAnswer, runCli, runJson } from './run-cli.ts'

export interface ProjectOptions extends RepositoryOptions {
  /** What `flightrules.config.json` holds. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Who runs the git hooks. Default plain git. */
  readonly hooks?: 'native' | 'husky' | 'none'
}

/** A repository in which a person ran `flightrules init`, everything committed. */
export interface TestProject extends TestRepository {
  /** `more` is added to the environment. */
  cli(args: readonly string[], cwd?: string, more?: Readonly<Record<string, string>>): Promise<CliResult>
  json(args: readonly string[], cwd?: string): Promise<{ status: number; json: JsonAnswer }>
  /** Starts a session; rejects when that does not end well. */
  start(...args: string[]): Promise<Started>
  /** The answer of `status`; rejects when there is none. */
  status(cwd?: string): Promise<StatusReport>
  /** Absolute path of a session's worktree, in the sessions directory of the default configuration. */
  session(id: string): string
}

export interface Started {
  readonly session: ManifestEntry
  readonly path: string
  readonly next: readonly string[]
  readonly findings: JsonAnswer['findings']
}

export const gitignore = 'node_modules/\n.env\n.env.*\n!.env.example\n'

export async function makeProject(options: ProjectOptions = {}): Promise<TestProject> {
  const { name: _name, env, empty, ...content } = options
  if (env !== undefined || empty !== undefined) return makeNewProject(options)
  const project = withCommands(await openRepository(options))
  await copyTemplate(JSON.stringify([content.hooks, content.remote, content.config, content.files]), project, () =>
    makeNewProject(content),
  )
  await approve(project)
  // what git remembers of files is for those the copy was made from
  await project.git(['update-index', '-q', '--refresh'])
  return project
}

async function makeNewProject(options: ProjectOptions): Promise<TestProject> {
  const { config = {}, files = {}, hooks = 'native' } = options
  const content = {
    '.gitignore': gitignore,
    'README.md': '# project\n',
    ...files,
    'flightrules.config.json': JSON.stringify(config),
  }
  const project = withCommands(await makeRepository({ ...options, files: content }))
  await init(project, hooks)
  return project
}

/** The commands of the packed binary, run in a repository. */
export function withCommands(repository: TestRepository): TestProject {
  const { path, env } = repository
  const answer = async (args: readonly string[], cwd = path): Promise<JsonAnswer> => {
    const { status, json } = await runJson(args, { cwd, env })
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${JSON.stringify(json)}`)
    return json
  }
  return {
    ...repository,
    cli: (args, cwd = path, more = {}) => runCli(args, { cwd, env: { ...env, ...more } }),
    json: (args, cwd = path) => runJson(args, { cwd, env }),
    session: (id) => join(`${path}-sessions`, id),
    async start(...args) {
      const { data, findings } = await answer(['start', ...args])
      return { ...(data as unknown as Omit<Started, 'findings'>), findings }
    },
    async status(cwd = path) {
      const { data } = await answer(['status'], cwd)
      return data as unknown as StatusReport
    },
  }
}

/** What a person does with `flightrules trust`, without the questions. */
export async function approve({ path, env, git }: Pick<TestRepository, 'path' | 'env' | 'git'>): Promise<void> {
  const commonDir = await git(['rev-parse', '--path-format=absolute', '--git-common-dir'])
  const place = { main: path, commonDir, stateDirectory: findStateDirectory(env) }
  if ((await findSources(path)) !== undefined) await approveConfig({ ...place, by: 'trust' })
}

/** Runs `init`, approves the config and commits what it made. */
export async function init(project: TestProject, hooks: string): Promise<void> {
  const { status, stderr } = await project.cli(['init', '--hooks', hooks])
  if (status !== 0) throw new Error(`init failed (${status})\n${stderr}`)
  await approve(project)
  if ((await project.git(['status', '--porcelain'])) === '') return
  await project.commit('flightrules init')
  if (project.remotePath !== null) await project.git(['push', '--quiet', '--no-verify'])
}
