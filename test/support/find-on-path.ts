import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a program is on PATH, undefined when it is not on this machine. */
export function findOnPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file))
}
