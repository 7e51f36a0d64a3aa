import type { Git } from './git.ts'

export interface ReflogEntry {
  /** Where the ref pointed from then on. */
  readonly oid: string
  /** What moved it, in git's fixed English: `commit: …`, `merge main: Fast-forward`, `branch: Created from HEAD`. */
  readonly action: string
}

/** How a ref came to where it is, newest first; empty when git kept no record. */
export async function readReflog(git: Git, ref: string): Promise<ReflogEntry[]> {
  const args = ['-c', 'log.showSignature=false', 'log', '-g', '-z', '--format=%H%x00%gs', '--end-of-options', ref, '--']
  const { status, stdout } = await git.run(args, { accept: [0, 128] })
  return status === 0 ? parseReflog(stdout) : []
}

export function parseReflog(output: string): ReflogEntry[] {
  const fields = output.split('\0')
  const entries: ReflogEntry[] = []
  for (let index = 0; index + 2 <= fields.length; index += 2) {
    const [oid = '', action = ''] = fields.slice(index, index + 2)
    if (oid !== '') entries.push({ oid, action })
  }
  return entries
}
