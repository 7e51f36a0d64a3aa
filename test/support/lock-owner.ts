import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const farAway = {
  pid: 7,
  startTime: '1',
  bootId: 'b',
  pidNamespace: 'n',
  host: 'far-away',
  operation: 'start x',
  since: '2026-01-02T03:04:05Z',
}

/** Holds a repository's lock as another machine left it, or as `content` says; gives the lock's file. */
export async function holdLock(commonDir: string, content: unknown = farAway): Promise<string> {
  const directory = join(commonDir, 'flightrules/lock')
  await mkdir(directory, { recursive: true })
  const file = join(directory, 'lock.999')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}
