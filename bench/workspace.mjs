// A throw-away folder with the package as npm would install it, and repositories to measure it in.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const gitConfig = `[init]
	defaultBranch = main
[user]
	name = Bench
	email = bench@example.invalid
[gc]
	auto = 0
[maintenance]
	auto = false
`

export function makeWorkspace() {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'flightrules-bench-')))
  const modules = join(path, 'package', 'node_modules')
  const installed = join(modules, 'flightrules')
  mkdirSync(installed, { recursive: true })
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--out', join(installed, 'dist')], { stdio: 'ignore' })
  for (const name of ['package.json', 'hooks']) cpSync(join(root, name), join(installed, name), { recursive: true })
  for (const name of ['jiti', 'husky']) symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  const home = join(path, 'home')
  mkdirSync(home)
  writeFileSync(join(home, 'gitconfig'), gitConfig)
  return {
    path,
    cli: join(installed, 'dist', 'cli.cjs'),
    installed,
    modules,
    env: makeEnvironment(home, installed),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Nothing of the machine's but PATH: NODE_EXTRA_CA_CERTS alone costs each node 20 ms. The package is on PATH, as hooks want it. */
function makeEnvironment(home, installed) {
  const bin = join(home, 'bin')
  mkdirSync(bin)
  symlinkSync(join(installed, 'dist', 'cli.cjs'), join(bin, 'flightrules'))
  chmodSync(join(installed, 'dist', 'cli.cjs'), 0o755)
  return {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: home,
    LANG: 'C.UTF-8',
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_STATE_HOME: join(home, '.state'),
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  }
}

/** A repository of so many small files, with one commit. */
export function makeRepository(workspace, name, files = 1) {
  const path = join(workspace.path, name, 'project')
  mkdirSync(path, { recursive: true })
  // the hooks sleep while a repository is prepared
  const env = { ...workspace.env, FLIGHTRULES: '0' }
  const git = (args, cwd = path) => execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trimEnd()
  for (let index = 0; index < files; index += 1) {
    const folder = join(path, `folder-${index % 20}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `file-${index}.txt`), `${index}\n`.repeat(20))
  }
  git(['init', '--quiet'])
  git(['add', '--all'])
  git(['commit', '--quiet', '--message', 'first'])
  return { path, sessions: join(workspace.path, name, 'project-sessions'), git }
}

/** Runs our command there; fails loudly. */
export function flightrules(workspace, cwd, ...args) {
  return execFileSync(process.execPath, [workspace.cli, ...args], { cwd, env: workspace.env, encoding: 'utf8', stdio: 'pipe' })
}

/** Takes a worktree and its branch away, whoever made it, and what the manifest says of it. */
export function dropWorktree(repository, path, branch) {
  const quietly = (args) => {
    try {
      repository.git(args)
    } catch {
      // it was not locked, or not there
    }
  }
  quietly(['worktree', 'unlock', path])
  quietly(['worktree', 'remove', '--force', path])
  quietly(['branch', '--quiet', '-D', branch])
  rmSync(join(repository.sessions, '.manifest.json'), { force: true })
}
