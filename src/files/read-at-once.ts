import { readFileSync, statSync } from 'node:fs'

/**
 * The text of a small file of a git directory, without a detour through other threads: where there are many, those take longer than the disk.
 * A pipe would keep the whole process waiting, so only a regular file is read.
 * @throws the file system's error, or one that says that it is no regular file.
 */
export function readAtOnce(file: string): string {
  if (!statSync(file).isFile()) throw new Error(`${file} is not a regular file`)
  return readFileSync(file, 'utf8')
}
