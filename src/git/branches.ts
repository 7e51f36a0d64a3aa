import type { Git } from './git.ts'

/** Branch names to the commits they point at: `main`, and `origin/main` under remotes. */
export interface BranchTips {
  readonly local: ReadonlyMap<string, string>
  readonly remote: ReadonlyMap<string, string>
  /** The remote-tracking branch `origin/HEAD` stands for, without the remote's name. */
  readonly originHead: string | null
}

/** All branches in one `for-each-ref`; narrow it by full ref names or prefixes. */
export async function listBranchTips(
  git: Git,
  patterns: readonly string[] = ['refs/heads', 'refs/remotes'],
): Promise<BranchTips> {
  const format = '--format=%(refname)%00%(objectname)%00%(symref)'
  return parseBranchTips(await git.read(['for-each-ref', format, ...patterns]))
}

/** Reads the lines of the call above; ref names hold no newline. */
export function parseBranchTips(output: string): BranchTips {
  const local = new Map<string, string>()
  const remote = new Map<string, string>()
  let originHead: string | null = null
  for (const line of output.split('\n')) {
    const [ref = '', oid = '', symref = ''] = line.split('\0')
    if (ref.startsWith('refs/heads/')) local.set(ref.slice('refs/heads/'.length), oid)
    else if (ref === 'refs/remotes/origin/HEAD') originHead = symref.replace(/^refs\/remotes\/origin\//, '') || null
    else if (ref.startsWith('refs/remotes/')) remote.set(ref.slice('refs/remotes/'.length), oid)
  }
  return { local, remote, originHead }
}
