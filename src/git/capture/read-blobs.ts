import type { Git } from '../git.ts'

/** Bytes asked of git at once, a single larger object aside. */
const portion = 64 * 1024 * 1024

/**
 * Calls `use` with the bytes of each object, each once, a portion at a time.
 * @throws Error when one is not there.
 */
export async function readBlobs(
  git: Git,
  oids: readonly string[],
  use: (oid: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const all = [...new Set(oids)]
  if (all.length === 0) return
  const sizes = await git.read(['--no-replace-objects', 'cat-file', '--batch-check=%(objectsize)'], { input: lines(all) })
  let batch: string[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    await readBatch(git, batch, use)
    batch = []
    size = 0
  }
  for (const [index, line] of sizes.split('\n').slice(0, all.length).entries()) {
    const own = Number(line)
    if (size + own > portion) await flush()
    batch.push(all[index] ?? '')
    size += own
  }
  await flush()
}

async function readBatch(
  git: Git,
  oids: readonly string[],
  use: (oid: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const output = await git.readBytes(['--no-replace-objects', 'cat-file', '--batch'], { input: lines(oids) })
  let offset = 0
  for (const oid of oids) {
    const end = output.indexOf(10, offset)
    const [name, type, length] = output.toString('latin1', offset, end).split(' ')
    if (name !== oid || type !== 'blob') throw new Error(`the object ${oid} is not there`)
    offset = end + 1
    await use(oid, output.subarray(offset, offset + Number(length)))
    offset += Number(length) + 1
  }
}

function lines(oids: readonly string[]): string {
  return [...oids, ''].join('\n')
}
