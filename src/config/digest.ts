import { createHash } from 'node:crypto'

/** One file the configuration is made of. */
export interface HashedFile {
  /** Relative to the main worktree, with slashes. */
  readonly path: string
  readonly sha256: string
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** One digest over the paths and the bytes of all the files, whatever order they come in. */
export function digestOf(files: readonly HashedFile[]): string {
  const lines = files.map((file) => `${file.sha256} ${JSON.stringify(file.path)}\n`)
  return sha256(`flightrules config 1\n${lines.sort().join('')}`)
}
