import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../files/replace-file.ts'

/** One digest a person approved in this copy of the repository. */
export interface Approval {
  readonly digest: string
  /** ISO time. */
  readonly at: string
  readonly by: 'init' | 'trust'
}

const kept = 100

/** What was approved here; nothing where the file is missing, damaged, or open to others. */
export async function loadApprovals(commonDir: string): Promise<Approval[]> {
  const file = approvalsFile(commonDir)
  const stats = await lstat(file).catch(() => undefined)
  if (stats === undefined || !stats.isFile() || !isOurs(stats)) return []
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    const content = JSON.parse(text) as { version?: unknown; approvals?: unknown } | null
    if (content?.version !== 1 || !Array.isArray(content.approvals)) return []
    return content.approvals.filter(isApproval)
  } catch {
    return []
  }
}

export async function addApproval(commonDir: string, approval: Approval): Promise<void> {
  const others = (await loadApprovals(commonDir)).filter((one) => one.digest !== approval.digest)
  await save(commonDir, [...others, approval].slice(-kept))
}

/** Takes back every approval. Gives how many there were. */
export async function removeApprovals(commonDir: string): Promise<number> {
  const { length } = await loadApprovals(commonDir)
  await save(commonDir, [])
  return length
}

async function save(commonDir: string, approvals: readonly Approval[]): Promise<void> {
  await replaceFile(approvalsFile(commonDir), `${JSON.stringify({ version: 1, approvals }, null, 2)}\n`, { mode: 0o600 })
}

function approvalsFile(commonDir: string): string {
  return join(commonDir, 'flightrules', 'trust.json')
}

function isOurs(stats: { readonly uid: number; readonly mode: number }): boolean {
  const user = process.getuid?.()
  if (user === undefined) return true
  return stats.uid === user && (stats.mode & 0o022) === 0
}

function isApproval(value: unknown): value is Approval {
  if (typeof value !== 'object' || value === null) return false
  const { digest, at, by } = value as Record<string, unknown>
  return (
    typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest) && typeof at === 'string' && (by === 'init' || by === 'trust')
  )
}
