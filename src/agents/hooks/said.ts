import { readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { hasFields, isMapOf, isOneOf, isText } from '../../files/shape.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { type AgentCall, nameAgent } from './agent-call.ts'

/** What one agent was told already, so that it is told once. Lost, it is told twice. */
export interface Said {
  /** Whether this was dealt with, for exactly this state of things. */
  has(about: string, state: string): boolean
  note(about: string, state: string): void
  store(): Promise<void>
}

const mostEntries = 2_000
const keptFor = 7 * 24 * 3_600_000

/** What can be part of a path as it is. */
const plainName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Tells texts from outside apart. node's own code for it is loaded where one is asked for: it takes 5 ms. */
export async function shortDigest(text: string): Promise<string> {
  const { createHash } = await import('node:crypto')
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

export async function loadSaid(commonDir: string, call: AgentCall): Promise<Said> {
  const folder = join(commonDir, 'flightrules', 'agents')
  // the agent's name comes from outside; mostly it is a UUID
  const name = nameAgent(call)
  const file = join(folder, `${plainName.test(name) ? name : await shortDigest(name)}.json`)
  const said = await load(file)
  let isNew = said.size === 0
  let isChanged = false
  return {
    has: (about, state) => said.get(about) === state,
    note(about, state) {
      said.delete(about)
      said.set(about, state)
      isChanged = true
    },
    async store() {
      if (!isChanged) return
      isChanged = false
      await replaceFile(file, JSON.stringify({ version: 1, said: Object.fromEntries([...said].slice(-mostEntries)) }))
      if (isNew) await prune(folder)
      isNew = false
    },
  }
}

async function load(file: string): Promise<Map<string, string>> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    return new Map(isStored(content) ? Object.entries((content as { said: Record<string, string> }).said) : [])
  } catch {
    return new Map()
  }
}

/** Conversations that have not been heard from for a week. */
async function prune(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => /^[0-9a-f-]{32,36}\.json$/.test(name)).map((name) => join(folder, name))
  for (const file of files) {
    const stats = await stat(file).catch(() => undefined)
    if (stats !== undefined && Date.now() - stats.mtimeMs > keptFor) await unlink(file).catch(() => {})
  }
}

const isStored = hasFields({ version: isOneOf(1), said: isMapOf(isText) })
