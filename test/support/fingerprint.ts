import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { runProgram } from './run-cli.ts'

export interface FingerprintPlace {
  readonly worktree: string
  readonly gitDir: string
  readonly env: Record<string, string>
}

/** One line a fact, by what it is about. Two worktrees with the same lines are the same to the last bit git or a person could see. */
export type Fingerprint = Readonly<Record<string, string>>

/** True of one place, of the moment, or of who holds the worktree. */
const ofOnePlace = ['gitdir', 'commondir', 'locked', 'modules', 'FETCH_HEAD']

/** Files by type, mode, target and bytes (empty folders too); the index with its stages and flags; HEAD; everything git keeps for the worktree. */
export async function fingerprint({ worktree, gitDir, env }: FingerprintPlace): Promise<Fingerprint> {
  const facts: Record<string, string> = {}
  await walk(
    worktree,
    (path) => path === '.git',
    (path, fact) => void (facts[`file ${path}`] = fact),
  )
  await walk(
    gitDir,
    (path) => ofOnePlace.includes(path),
    (path, fact) => void (facts[`git ${path}`] = fact),
  )
  const questions: Record<string, readonly string[]> = {
    stages: ['ls-files', '--stage', '-z'],
    flags: ['ls-files', '-v', '-f', '-z'],
    debug: ['ls-files', '--debug', '-z'],
    head: ['rev-parse', 'HEAD'],
    'head name': ['rev-parse', '--symbolic-full-name', 'HEAD'],
    status: ['status', '--porcelain=v2', '--ignored', '--untracked-files=all', '-z'],
    diff: ['diff', '--binary', '--no-ext-diff'],
    cached: ['diff', '--cached', '--binary'],
    'own refs': ['for-each-ref', 'refs/worktree', 'refs/bisect', 'refs/rewritten'],
    reflog: ['reflog', 'show', '--format=%H %gs', 'HEAD'],
  }
  for (const [name, args] of Object.entries(questions)) {
    const { status, stdout, stderr } = await runProgram(
      'git',
      ['-c', 'core.fsmonitor=false', '-c', 'diff.autoRefreshIndex=false', ...args],
      {
        cwd: worktree,
        env: { ...env, GIT_OPTIONAL_LOCKS: '0' },
      },
    )
    // times and inodes differ wherever a file was written anew; the flags behind them must not
    const said = name === 'debug' ? [...stdout.matchAll(/flags: .*/g)].join() : stdout
    // git warns of line ends in files whose times it does not remember
    const warned = stderr.replaceAll(/^warning: .*CRLF.*\n/gm, '')
    facts[`says ${name}`] = `${status} ${said}${warned}`.replaceAll(worktree, '<worktree>').replaceAll(gitDir, '<git>')
  }
  return facts
}

/** Without what is at or below these paths: what a fingerprint shows of things that could not be kept. */
export function without(facts: Fingerprint, paths: readonly string[]): Fingerprint {
  const isBelow = (path: string): boolean =>
    paths.some((left) => path === left || path === left.replace(/\/$/, '') || path.startsWith(left))
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => {
      if (name.startsWith('file ')) return !isBelow(name.slice(5))
      // git looks into nested repositories
      return !(paths.length > 0 && /^says (?:status|diff)$/.test(name))
    }),
  )
}

type Visit = (path: string, fact: string) => void

async function walk(root: string, isLeftOut: (path: string) => boolean, visit: Visit, folder = ''): Promise<void> {
  const names = await readdir(place(root, folder), { encoding: 'buffer' })
  const paths = names.map((name) => `${folder === '' ? '' : `${folder}/`}${name.toString('latin1')}`).toSorted()
  for (const path of paths) {
    if (isLeftOut(path)) continue
    const stats = await lstat(place(root, path))
    const mode = (stats.mode & 0o7777).toString(8)
    if (stats.isSymbolicLink()) {
      visit(path, `link ${(await readlink(place(root, path), { encoding: 'buffer' })).toString('latin1')}`)
    } else if (stats.isDirectory()) {
      visit(path, `folder ${mode}`)
      await walk(root, isLeftOut, visit, path)
    } else if (stats.isFile()) {
      const bytes = await readFile(place(root, path))
      visit(path, `file ${mode} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`)
    } else visit(path, `special ${stats.isFIFO() ? 'fifo' : 'other'} ${mode}`)
  }
}

function place(root: string, path: string): Buffer {
  return path === '' ? Buffer.from(root) : Buffer.concat([Buffer.from(join(root) + sep), Buffer.from(path, 'latin1')])
}
