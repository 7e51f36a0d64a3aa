import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Git } from './git.ts'
import type { ScratchObjects } from './scratch-objects.ts'

/** A commit that stands for a tree nobody has committed. */
export interface StandIn {
  readonly tree: string
  /** At least one. */
  readonly parents: readonly string[]
}

/**
 * Writes a commit for each to the scratch objects; the same tree on the same parents is always the same commit. One git process
 * however many there are.
 */
export async function storeStandIns(git: Git, standIns: readonly StandIn[], objects: ScratchObjects): Promise<string[]> {
  if (standIns.length === 0) return []
  const directory = await mkdtemp(join(tmpdir(), 'flightrules-commits-'))
  try {
    const files = standIns.map((_standIn, index) => join(directory, String(index)))
    await Promise.all(standIns.map((standIn, index) => writeFile(files[index] ?? '', render(standIn))))
    const args = ['hash-object', '-t', 'commit', '-w', '--no-filters', '--stdin-paths']
    return (await git.readLine(args, { input: files.map((file) => `${file}\n`).join(''), env: objects.env })).split('\n')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Who is said to have made a commit nobody made, and when. */
export const nobody = 'Flight Rules <flightrules@localhost> 0 +0000'

export const standInMessage = 'live\n'

function render({ tree, parents }: StandIn): string {
  const ancestry = parents.map((parent) => `parent ${parent}\n`).join('')
  return `tree ${tree}\n${ancestry}author ${nobody}\ncommitter ${nobody}\n\n${standInMessage}`
}
