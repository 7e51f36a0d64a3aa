import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Git } from './git.ts'
import { quoteCStyle } from './quote-c-style.ts'
import { readReplacements } from './replacements.ts'
import { type ScratchObjects, scratchSettings } from './scratch-objects.ts'
import { nobody, standInMessage } from './store-commits.ts'
import type { TreeEntry } from './tree-changes.ts'

/** A commit, and what is to be other than in it. */
export interface ChangedCommit {
  readonly head: string
  /** Where it may be other. */
  readonly paths: readonly string[]
  /** What is to be at these paths, nothing where it has no entry. Undefined: nothing is to be made of it after all. */
  readonly entries: Promise<ReadonlyMap<string, TreeEntry> | undefined>
}

/**
 * Writes for each the stand-in of its changed tree on it, the same `storeStandIns` would write, to the scratch objects. One git process however
 * many there are and however large the trees: it reads the folders with a change while the entries are still waited for. It has a git
 * directory of its own, since it leaves a branch.
 * @throws GitError when an object is not there.
 */
export async function storeChanged(
  git: Git,
  changed: readonly ChangedCommit[],
  objects: ScratchObjects,
): Promise<(string | undefined)[]> {
  const [some] = changed
  if (some === undefined) return []
  const { directory } = objects
  await prepare(objects, some.head.length === 64 ? 'sha256' : 'sha1')
  // the branch may be there from a time before
  const answers = await git.readLine([...settings, 'fast-import', '--quiet', '--force', '--depth=0', '--date-format=raw'], {
    cwd: directory,
    env: { ...objects.env, GIT_DIR: directory },
    input: () => renderStream(changed),
  })
  const commits = answers.split('\n')
  const entries = await Promise.all(changed.map((one) => one.entries))
  return entries.map((found) => (found === undefined ? undefined : commits.shift()))
}

/**
 * Few objects would be taken apart again by a process of their own. Paths are git's own, each with its letters, whatever the file system or the
 * person's settings make of them.
 */
const settings = [...scratchSettings, '-c', 'fastImport.unpackLimit=0', '-c', 'core.ignoreCase=false']

/** Makes the directory of the scratch objects a bare repository: what git needs to take it for one, to write the branch and to read what it stands on. */
async function prepare({ directory, repository }: ScratchObjects, format: 'sha1' | 'sha256'): Promise<void> {
  const writeReplacements = async (): Promise<void> => {
    const replacements = [...(await readReplacements(dirname(repository)))].toSorted()
    const lines = replacements.map(([name, oid]) => `${oid} refs/replace/${name}\n`)
    if (lines.length > 0) await writeFile(join(directory, 'packed-refs'), lines.join(''))
  }
  await Promise.all([
    mkdir(join(directory, 'refs', 'heads'), { recursive: true }),
    writeFile(join(directory, 'HEAD'), 'ref: refs/heads/live\n'),
    format === 'sha256' &&
      writeFile(join(directory, 'config'), '[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tobjectFormat = sha256\n'),
    writeReplacements(),
  ])
}

async function* renderStream(changed: readonly ChangedCommit[]): AsyncGenerator<Buffer> {
  yield Buffer.from('feature done\n')
  for (const [index, { head, paths, entries }] of changed.entries()) {
    const people = `author ${nobody}\ncommitter ${nobody}\ndata ${standInMessage.length}\n${standInMessage}`
    // taken out first, so that a folder can take the place of a file, and what is to be read for it is read
    const gone = paths.map((path) => `D ${quoteCStyle(path)}\n`).join('')
    yield Buffer.from(`commit refs/heads/live\nmark :${index + 1}\n${people}from ${head}\n${gone}`)
    const found = await entries
    const there = [...(found ?? [])].map(([path, { mode, oid }]) => `M ${mode} ${oid} ${quoteCStyle(path)}\n`).join('')
    yield Buffer.from(`${there}\n${found === undefined ? '' : `get-mark :${index + 1}\n`}`)
  }
  yield Buffer.from('done\n')
}
