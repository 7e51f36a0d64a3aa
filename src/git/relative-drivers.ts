import type { Git } from './git.ts'

/** A setting that counts more than the one of that key. */
export interface Override {
  readonly key: string
  readonly value: string
}

const kinds = String.raw`^(filter\..*\.(clean|smudge|process)|diff\..*\.(textconv|command)|merge\..*\.driver)$`

/**
 * What keeps git from running programs that a person's configuration names by a path within the worktree, as `sh tools/clean.sh`: with
 * this commit checked out they would be those of whoever wrote it. Without a commit only a path of more than one name is one.
 */
export async function overrideRelativeDrivers(git: Git, commit: string | null): Promise<Override[]> {
  const { stdout } = await git.run(['config', '-z', '--get-regexp', kinds], { accept: [0, 1] })
  const found = stdout.split('\0').flatMap((entry) => {
    const end = entry.indexOf('\n')
    return end === -1 ? [] : [{ key: entry.slice(0, end), command: entry.slice(end + 1) }]
  })
  if (found.length === 0) return []
  const files = commit === null ? '' : await git.read(['ls-tree', '-z', '--name-only', commit, '--'])
  const names = new Set(files.split('\0'))
  return found.filter(({ command }) => isWithinWorktree(command, names)).flatMap(({ key }) => overridesOf(key))
}

function isWithinWorktree(command: string, names: ReadonlySet<string>): boolean {
  const words = command.split(/[\s'"`;|&()<>=]+/).filter((word) => word !== '')
  return words.some((word) => names.has(word) || (word.includes('/') && !/^(?:[/~$%-]|[A-Za-z]:)/.test(word)))
}

/** A filter that is empty changes nothing; a merge without its driver is a conflict, a diff one of the files as they are. */
function overridesOf(key: string): Override[] {
  const driver = key.slice(0, key.lastIndexOf('.'))
  if (key.startsWith('filter.'))
    return [
      { key, value: '' },
      { key: `${driver}.required`, value: 'false' },
    ]
  return [{ key, value: key.startsWith('merge.') ? 'false' : key.endsWith('.textconv') ? 'cat' : 'true' }]
}
