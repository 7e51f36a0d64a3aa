import { join } from 'node:path'
import { hasFields, isOneOf, isText } from '../files/shape.ts'
import {
  type ApprovalPlace,
  ensureApprovalFolder,
  findApprovalFolder,
  listSessionApprovals,
  readApprovalFile,
  removeApprovalFile,
  unsafe,
  writeApprovalFile,
} from './approval-store.ts'
import type { Found } from './approvals.ts'

/** One commit of one session whose code a person lets run. */
export interface ApprovedCommit {
  readonly session: string
  readonly commit: string
}

const version = 1

/** Whether exactly this commit was approved for exactly this session, in this copy of the repository. */
export async function isCommitApproved(place: ApprovalPlace, approved: ApprovedCommit): Promise<Found<boolean>> {
  const { folder, doubts } = await findApprovalFolder(place)
  if (folder === null) return { found: false, doubts }
  const name = fileName(approved)
  const text = await readApprovalFile(folder, name)
  if (text === undefined) return { found: false, doubts }
  if (typeof text !== 'string') return { found: false, doubts: [...doubts, text] }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    content = undefined
  }
  const { session, commit } = approved
  const isThis = hasFields({
    version: isOneOf(version),
    repository: hasFields({ id: isOneOf(folder.key.id), commonDir: isOneOf(folder.key.commonDir) }),
    session: isOneOf(session),
    commit: isOneOf(commit),
    at: isText,
  })
  if (isThis(content)) return { found: true, doubts }
  return { found: false, doubts: [...doubts, unsafe(join(folder.path, name), 'is damaged, or was made for another commit')] }
}

/** @throws FlightRulesError NO_STATE_DIRECTORY, APPROVALS_UNSAFE; the file system's error. */
export async function approveCommit(place: ApprovalPlace, approved: ApprovedCommit & { readonly at: string }): Promise<void> {
  const folder = await ensureApprovalFolder(place)
  const content = { version, repository: folder.key, ...approved }
  await writeApprovalFile(folder, fileName(approved), `${JSON.stringify(content, null, 2)}\n`)
}

/** Takes back every approval for a session. Gives how many there were. */
export async function revokeCommits(place: ApprovalPlace, session: string): Promise<Found<number>> {
  const { folder, doubts } = await findApprovalFolder(place)
  if (folder === null) return { found: 0, doubts }
  const names = (await listSessionApprovals(folder)).filter((name) => name.startsWith(`session-${session}-`))
  for (const name of names) await removeApprovalFile(folder, name)
  return { found: names.length, doubts }
}

function fileName({ session, commit }: ApprovedCommit): string {
  if (/^[0-9a-f-]{36}$/.test(session) && /^[0-9a-f]{40,64}$/.test(commit)) return `session-${session}-${commit}.json`
  throw new Error('not the names of a session and a commit')
}
