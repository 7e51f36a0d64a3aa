import type { Git } from './git.ts'
import { listRemotes } from './remotes.ts'

/** Where a branch comes from. */
export interface Upstream {
  /** Name of the remote. */
  readonly remote: string
  /** Full name of the branch there. */
  readonly remoteRef: string
  /** Full name of the remote-tracking branch here, which need not exist yet. */
  readonly tracking: string
  /** What the remote-tracking branch points at, null when it is not there. */
  readonly oid: string | null
}

const format = '--format=%(refname)%00%(objectname)%00%(upstream)%00%(upstream:remotename)%00%(upstream:remoteref)'

/** A row of `for-each-ref`, with the fields of a branch's upstream. */
interface Row {
  readonly ref: string
  readonly oid: string
  readonly tracking: string
  readonly remote: string
  readonly remoteRef: string
}

/** A branch and what it follows. */
export interface FollowingBranch {
  /** What the branch here points at, null when it is not here. */
  readonly local: string | null
  readonly upstream: Upstream | null
}

/**
 * Each of these branches with what it follows on a remote: its configured upstream, else the branch of its name on `origin`, else on the
 * only remote that has one. Who follows a local branch follows nothing; nor does one whose upstream has no place under `refs/remotes`, as
 * in a mirror: fetching it would move branches of people. One git process where branches are called the same on both sides.
 */
export async function listFollowing(git: Git, branches: readonly string[]): Promise<Map<string, FollowingBranch>> {
  const names = [...new Set(branches)]
  const rows = new Map<string, Row>()
  const read = async (patterns: readonly string[]): Promise<void> => {
    if (patterns.length === 0) return
    for (const row of parseUpstreamRows(await git.read(['for-each-ref', format, '--', ...patterns]))) rows.set(row.ref, row)
  }
  await read(names.flatMap((name) => [`refs/heads/${name}`, `refs/remotes/*/${name}`]))
  const configured = new Map(names.map((name) => [name, rows.get(`refs/heads/${name}`)]))
  await read(
    [...configured.values()].flatMap((row) =>
      row === undefined || !isRemote(row) || rows.has(row.tracking) ? [] : [row.tracking],
    ),
  )
  const isOpen = ([, row]: [string, Row | undefined]): boolean => row === undefined || row.remote === ''
  const isSeen = [...rows.keys()].some((ref) => ref.startsWith('refs/remotes/'))
  const remotes = isSeen && [...configured].some(isOpen) ? await listRemotes(git) : []
  return new Map(
    [...configured].map(([name, row]): [string, FollowingBranch] => {
      const upstream = isOpen([name, row]) ? findNamesake(name, remotes, rows) : row !== undefined && isRemote(row) ? row : null
      const local = row?.oid ?? null
      if (upstream === null) return [name, { local, upstream }]
      const { remote, remoteRef, tracking } = upstream
      return [name, { local, upstream: { remote, remoteRef, tracking, oid: rows.get(tracking)?.oid ?? null } }]
    }),
  )
}

/** What those of the branches follow that follow anything. */
export async function listUpstreams(git: Git, branches: readonly string[]): Promise<Map<string, Upstream>> {
  const found = await listFollowing(git, branches)
  return new Map([...found].flatMap(([name, { upstream }]) => (upstream === null ? [] : [[name, upstream]])))
}

function isRemote({ remote, remoteRef, tracking }: Row): boolean {
  return remote !== '' && remote !== '.' && remoteRef !== '' && tracking.startsWith('refs/remotes/')
}

function findNamesake(name: string, remotes: readonly string[], rows: ReadonlyMap<string, Row>): Omit<Upstream, 'oid'> | null {
  const having = remotes.filter((remote) => !remote.startsWith('-') && rows.has(`refs/remotes/${remote}/${name}`))
  const remote = having.includes('origin') ? 'origin' : having.length === 1 ? having[0] : undefined
  return remote === undefined ? null : { remote, remoteRef: `refs/heads/${name}`, tracking: `refs/remotes/${remote}/${name}` }
}

/** Reads the lines of the format above; ref names hold no newline. */
export function parseUpstreamRows(output: string): Row[] {
  return output.split('\n').flatMap((line) => {
    const [ref = '', oid = '', tracking = '', remote = '', remoteRef = ''] = line.split('\0')
    return ref === '' ? [] : [{ ref, oid, tracking, remote, remoteRef }]
  })
}
