import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What `git replace` put in the place of other objects, by the name of what it replaces; each wherever git keeps its refs in files. */
export async function readReplacements(commonDir: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(commonDir, 'refs', 'replace')
  const [names, packed] = await Promise.all([
    readdir(folder).catch((): string[] => []),
    readFile(join(commonDir, 'packed-refs'), 'utf8').catch(() => ''),
  ])
  const read = async (name: string): Promise<[string, string]> => [
    name,
    (await readFile(join(folder, name), 'utf8').catch(() => '')).trim(),
  ]
  const old = packed.split('\n').flatMap((line): [string, string][] => {
    const [, oid = '', name = ''] = /^([0-9a-f]+) refs\/replace\/(.+)$/.exec(line) ?? []
    return name === '' ? [] : [[name, oid]]
  })
  // a ref of its own counts before the packed one of its name
  return new Map([...old, ...(await Promise.all(names.map(read)))])
}
