import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { makeIsolatedEnvironment } from './isolated-environment.ts'
import { makeTemporaryDirectory } from './temporary-directory.ts'

export interface RepositoryOptions {
  /** Name of the folder. Default `project`. */
  readonly name?: string
  /** Content of the first commit. Default one README. */
  readonly files?: Readonly<Record<string, string>>
  /** No first commit. */
  readonly empty?: boolean
  /** Adds a bare repository beside it as `origin`, main pushed with upstream, origin/HEAD set. */
  readonly remote?: boolean
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** A throw-away repository with an environment that knows nothing of the machine's git config. */
export interface TestRepository {
  /** Real path of the main worktree. */
  readonly path: string
  /** The folder around it; sessions directories end up here. */
  readonly parent: string
  readonly remotePath: string | null
  readonly env: Record<string, string>
  /** Runs git here (or in `cwd`) and gives its standard output without the last line end. Rejects when git fails. */
  git(args: readonly string[], cwd?: string): Promise<string>
  /** Writes a file relative to the main worktree (or an absolute path), with its folders. */
  write(file: string, content: string): Promise<void>
  read(file: string): Promise<string>
  /** Writes the files, adds everything and commits; gives the oid. */
  commit(message: string, files?: Readonly<Record<string, string>>, cwd?: string): Promise<string>
}

/** The places and commands of one that is not there yet. */
export async function openRepository(options: RepositoryOptions): Promise<TestRepository> {
  const parent = await makeTemporaryDirectory('repo')
  const path = join(parent, options.name ?? 'project')
  const env = makeIsolatedEnvironment(join(parent, 'home'), options.env)
  const remotePath = options.remote === true ? join(parent, 'origin.git') : null

  const git = async (args: readonly string[], cwd = path): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 })
    return stdout.replace(/\n$/, '')
  }
  const write = async (file: string, content: string, cwd = path): Promise<void> => {
    const target = file.startsWith(parent) ? file : join(cwd, file)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content)
  }
  return {
    path,
    parent,
    remotePath,
    env,
    git,
    write: (file, content) => write(file, content),
    read: (file) => readFile(file.startsWith(parent) ? file : join(path, file), 'utf8'),
    async commit(message, files = {}, cwd = path) {
      for (const [file, content] of Object.entries(files)) await write(file, content, cwd)
      await git(['add', '--all'], cwd)
      await git(['commit', '--quiet', '--allow-empty', '--message', message], cwd)
      return git(['rev-parse', 'HEAD'], cwd)
    },
  }
}

export async function makeRepository(options: RepositoryOptions = {}): Promise<TestRepository> {
  const repository = await openRepository(options)
  await mkdir(repository.path, { recursive: true })
  await repository.git(['init', '--quiet'])
  if (options.empty !== true) await repository.commit('first', options.files ?? { 'README.md': '# project\n' })
  const { remotePath, parent } = repository
  if (remotePath !== null) {
    await repository.git(['init', '--quiet', '--bare', remotePath], parent)
    await repository.git(['remote', 'add', 'origin', remotePath])
    if (options.empty !== true) {
      await repository.git(['push', '--quiet', '--set-upstream', 'origin', 'main'])
      await repository.git(['remote', 'set-head', 'origin', 'main'])
    }
  }
  return repository
}
