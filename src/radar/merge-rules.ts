import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { Environment } from '../git/environment.ts'
import { readReplacements } from '../git/replacements.ts'

export interface RulePlaces {
  readonly commonDir: string
  /** Where git finds the attributes of files it merges. */
  readonly main: string
  readonly env: Environment
}

/**
 * A digest of what decides about merges beside the two sides: settings and attributes, the machine's, the repository's and the person's,
 * where a shallow history ends, and what stands in for other objects. Files are read, not asked for their times: they are small, and may
 * change twice in a moment.
 */
export async function readMergeRules({ commonDir, main, env }: RulePlaces): Promise<string> {
  const home = env['HOME'] ?? ''
  const xdg = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'git')
  const settings = [
    env['GIT_CONFIG_SYSTEM'] ?? '/etc/gitconfig',
    ...(env['GIT_CONFIG_GLOBAL'] === undefined ? [join(xdg, 'config'), join(home, '.gitconfig')] : [env['GIT_CONFIG_GLOBAL']]),
    join(commonDir, 'config'),
    join(commonDir, 'config.worktree'),
  ]
  const rest = [
    '/etc/gitattributes',
    join(xdg, 'attributes'),
    join(commonDir, 'info', 'attributes'),
    join(commonDir, 'info', 'grafts'),
    join(commonDir, 'shallow'),
    join(main, '.gitattributes'),
  ]
  const contents = await Promise.all([
    ...settings.map((file) => readWithNamed(file, home)),
    ...rest.map(readText),
    readReplacements(commonDir).then((found) => JSON.stringify([...found].toSorted())),
  ])
  return digest(contents)
}

/**
 * Digests of the attributes in folders of the main worktree, which git heeds when it merges a path below; empty where there are none. Each
 * folder is looked at once.
 */
export function makeFolderRules(main: string): (folders: readonly string[]) => Promise<string> {
  const known = new Map<string, Promise<string>>()
  const read = (folder: string): Promise<string> => {
    const content = known.get(folder) ?? readText(join(main, folder, '.gitattributes'))
    known.set(folder, content)
    return content
  }
  return async (folders) => {
    const contents = await Promise.all(folders.map(read))
    return contents.every((content) => content === '')
      ? ''
      : digest(folders.map((folder, index) => `${folder}\0${contents[index]}`))
  }
}

/** A section may begin in the same line, a comment follow. */
const settingOfFile = /^(?:\s*\[.*\])?\s*(?:path|attributesfile)\s*=\s*(?:"([^"]*)"|([^#;]*?))\s*(?:[#;].*)?$/i

/** A file of settings, and the files it names: those it includes, and the one with attributes. */
async function readWithNamed(file: string, home: string, depth = 3): Promise<string> {
  const text = await readText(file)
  if (depth === 0) return text
  const named = text.split('\n').flatMap((line) => {
    const [, quoted, bare] = settingOfFile.exec(line) ?? []
    const path = quoted ?? bare ?? ''
    if (path === '') return []
    if (path.startsWith('~/')) return join(home, path.slice(2))
    return isAbsolute(path) ? path : join(dirname(file), path)
  })
  return [text, ...(await Promise.all(named.map((path) => readWithNamed(path, home, depth - 1))))].join('\0')
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}

function digest(contents: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 16)
}
