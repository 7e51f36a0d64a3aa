import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDotenv } from './parse-dotenv.ts'

/** The values in these dotenv files, for taking them out of logs and messages. A file that cannot be read has none. */
export async function loadSecretValues(worktree: string, paths: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(paths.map((path) => readFile(join(worktree, path), 'utf8').catch(() => '')))
  return [...new Set(texts.flatMap((text) => Object.values(parseDotenv(text))))].filter((value) => value.length >= 8)
}
