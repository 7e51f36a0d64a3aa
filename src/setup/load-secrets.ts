import { join } from 'node:path'
import { removeBlock } from '../files/marked-block.ts'
import { readRegular } from '../files/read-regular.ts'
import { parseDotenv } from './parse-dotenv.ts'
import { shortestSecret } from './redact.ts'

/** A value that must not leave the machine; only its name and file may be said. */
export interface Secret {
  readonly name: string
  /** Relative to the worktree. */
  readonly file: string
  readonly value: string
}

/** Bytes of one file that are looked at. */
const largest = 1 << 20

/**
 * The values in these files, in each of the worktrees: what was copied and what became of it since. A file that cannot be read
 * has none; our own block holds ports and names, no secrets.
 */
export async function loadSecrets(worktrees: readonly string[], paths: readonly string[]): Promise<Secret[]> {
  const found = await Promise.all(
    worktrees.flatMap((worktree) =>
      paths.map(async (file) => {
        const bytes = await readRegular(join(worktree, file), largest).catch(() => undefined)
        return bytes === undefined ? [] : readSecrets(file, removeBlock(bytes).toString())
      }),
    ),
  )
  const byValue = new Map(found.flat().map((secret) => [secret.value, secret]))
  return [...byValue.values()].filter(({ value }) => value.length >= shortestSecret && !isPlainSetting(value))
}

function readSecrets(file: string, text: string): Secret[] {
  const values = Object.entries(parseDotenv(text))
  if (values.length > 0) return values.flatMap(([name, value]) => withLines(name, file, value))
  // a key in a file of its own
  const content = text.trim()
  return /^\S+$/.test(content) || content.startsWith('-----BEGIN ') ? withLines('its content', file, content) : []
}

/** A key over several lines is seldom printed whole. */
function withLines(name: string, file: string, value: string): Secret[] {
  const lines = value.includes('\n') ? value.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----')) : []
  return [value, ...lines].map((one) => ({ name, file, value: one }))
}

const plainWords = new Set([
  'development',
  'production',
  'localhost',
  'postgres',
  'postgresql',
  'disabled',
  'required',
  '127.0.0.1',
])

/** What every second project has in its env file and nobody hides: hiding it would make texts unreadable. */
function isPlainSetting(value: string): boolean {
  if (plainWords.has(value.toLowerCase())) return true
  return /^[a-z]+:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)(?::\d+)?\/?$/i.test(value)
}
