import { FlightRulesError } from '../../errors.ts'
import type { Git } from '../git.ts'
import { type CapturedEntry, type CaptureMetadata, parseMetadata } from './metadata.ts'

/** What a capture says it holds; undefined where the commit is no capture, but an older or a plain snapshot. */
export async function findCapture(git: Git, commit: string): Promise<CaptureMetadata | undefined> {
  const line = await git.readLine(['--no-replace-objects', 'rev-list', '--parents', '--max-count=1', commit])
  const extras = line.split(' ').at(-1)
  if (extras === undefined || extras === commit) return undefined
  const text = await git.run(['--no-replace-objects', 'cat-file', 'blob', `${extras}:metadata.json`], { accept: [0, 128] })
  return text.status === 0 ? parseMetadata(text.stdout) : undefined
}

/**
 * Every object a capture needs is there and has been read through: called once a ref holds it, before anything it stands for is deleted.
 * @throws FlightRulesError CAPTURE_INCOMPLETE.
 */
export async function requireWhole(git: Git, commit: string): Promise<CaptureMetadata> {
  const metadata = await findCapture(git, commit)
  const missing = metadata === undefined ? ['metadata.json'] : await listMissing(git, commit, metadata)
  if (metadata !== undefined && missing.length === 0) return metadata
  throw new FlightRulesError({
    kind: 'failed',
    code: 'CAPTURE_INCOMPLETE',
    message: `the snapshot ${commit} does not hold everything it should: ${missing.slice(0, 5).join(', ')}`,
    hint: 'git fsck    says what is wrong with the repository',
    details: { commit, missing },
  })
}

async function listMissing(git: Git, commit: string, metadata: CaptureMetadata): Promise<string[]> {
  const reached = await git.run(
    ['--no-replace-objects', 'rev-list', '--objects', '--no-object-names', '--missing=print', commit, '--not', '--branches'],
    { accept: [0, 128] },
  )
  const unreached = reached.status === 0 ? reached.stdout.split('\n').filter((line) => line.startsWith('?')) : ['its history']
  return [...unreached, ...(await listMissingBlobs(git, [...metadata.worktree, ...metadata.admin]))]
}

async function listMissingBlobs(git: Git, entries: readonly CapturedEntry[]): Promise<string[]> {
  const oids = [...new Set(entries.flatMap(({ oid }) => (oid === null ? [] : [oid])))]
  if (oids.length === 0) return []
  const input = [...oids, ''].join('\n')
  const output = await git.read(['--no-replace-objects', 'cat-file', '--batch-check=%(objecttype)'], { input })
  const types = output.split('\n')
  return oids.filter((_, index) => types[index] !== 'blob')
}
