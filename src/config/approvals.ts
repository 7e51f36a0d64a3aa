import type { Finding } from '../errors.ts'
import { hasFields, isListOf, isMapOf, isNumber, isOneOf, isText } from '../files/shape.ts'
import {
  type ApprovalFolder,
  type ApprovalPlace,
  ensureApprovalFolder,
  findApprovalFolder,
  listApprovalFiles,
  listSessionApprovals,
  readApprovalFile,
  removeApprovalFile,
  unsafe,
  writeApprovalFile,
} from './approval-store.ts'
import type { TrustedCommand } from './list-commands.ts'
import { isResolvedConfig } from './resolved-shape.ts'
import type { ConfigOrigins, ResolvedConfig } from './types.ts'

/** Raised when the meaning of a resolved value changes: approved bytes are then evaluated again. */
export const resolvedFormat = 5

/** A file as it was when it was approved. */
export interface ApprovedFile {
  readonly path: string
  readonly sha256: string
  /** What was shown and loaded: the bytes read as UTF-8. */
  readonly text: string
}

/** One digest a person approved in this copy of the repository, and everything it stands for. */
export interface Approval {
  readonly digest: string
  /** ISO time. */
  readonly at: string
  readonly by: 'init' | 'trust'
  readonly files: readonly ApprovedFile[]
  readonly commands: readonly TrustedCommand[]
  readonly format: number
  /** What hooks and commands go by: the values themselves, not something evaluated later. */
  readonly config: ResolvedConfig
  readonly origins: ConfigOrigins
}

/** What was found, and why something was not believed. */
export interface Found<T> {
  readonly found: T
  readonly doubts: readonly Finding[]
}

const kept = 100
const version = 1

/** The approval of a digest in this copy of the repository. A few file reads. */
export async function findApproval(place: ApprovalPlace, digest: string): Promise<Found<Approval | undefined>> {
  const { folder, doubts } = await findApprovalFolder(place)
  if (folder === null || !isDigest(digest)) return { found: undefined, doubts }
  const read = await readApproval(folder, `${digest}.json`)
  return { found: 'approval' in read ? read.approval : undefined, doubts: [...doubts, ...('doubt' in read ? [read.doubt] : [])] }
}

/** Everything that was approved in this copy of the repository, oldest first. */
export async function loadApprovals(place: ApprovalPlace): Promise<Found<readonly Approval[]>> {
  const { folder, doubts } = await findApprovalFolder(place)
  if (folder === null) return { found: [], doubts }
  const read = await Promise.all((await listApprovalFiles(folder)).map((name) => readApproval(folder, name)))
  return {
    found: read
      .flatMap((one) => ('approval' in one ? [one.approval] : []))
      .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1)),
    doubts: [...doubts, ...read.flatMap((one) => ('doubt' in one ? [one.doubt] : []))],
  }
}

/**
 * Keeps an approval, in a file of its own: of any number who approve at once none is lost.
 * @throws FlightRulesError NO_STATE_DIRECTORY, APPROVALS_UNSAFE; the file system's error.
 */
export async function addApproval(place: ApprovalPlace, approval: Approval): Promise<void> {
  const folder = await ensureApprovalFolder(place)
  await writeApprovalFile(
    folder,
    `${approval.digest}.json`,
    `${JSON.stringify({ version, repository: folder.key, ...approval }, null, 2)}\n`,
  )
  const names = await listApprovalFiles(folder)
  if (names.length <= kept) return
  const { found } = await loadApprovals(place)
  const spare = found.filter(({ digest }) => digest !== approval.digest).slice(0, names.length - kept)
  for (const { digest } of spare) await removeApprovalFile(folder, `${digest}.json`)
}

/** Takes back every approval, also those that did not count. Gives how many there were. */
export async function removeApprovals(place: ApprovalPlace): Promise<Found<number>> {
  const { folder, doubts } = await findApprovalFolder(place)
  if (folder === null) return { found: 0, doubts }
  const names = [...(await listApprovalFiles(folder)), ...(await listSessionApprovals(folder))]
  for (const name of names) await removeApprovalFile(folder, name)
  return { found: names.length, doubts }
}

type Read = { readonly approval: Approval } | { readonly doubt: Finding } | Record<never, never>

async function readApproval(folder: ApprovalFolder, name: string): Promise<Read> {
  const text = await readApprovalFile(folder, name)
  if (text === undefined) return {}
  if (typeof text !== 'string') return { doubt: text }
  const file = `${folder.path}/${name}`
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return { doubt: unsafe(file, 'is damaged') }
  }
  if (!isStored(content) || `${content.digest}.json` !== name) return { doubt: unsafe(file, 'is damaged') }
  const { id, commonDir } = content.repository
  if (id !== folder.key.id || commonDir !== folder.key.commonDir) {
    return { doubt: unsafe(file, 'was made for another copy of the repository') }
  }
  return { approval: content }
}

interface Stored extends Approval {
  readonly version: number
  readonly repository: { readonly id: string; readonly commonDir: string }
}

/** Checked by hand: a schema library would cost each hook more than the rest of its work. */
const isShaped = hasFields({
  version: isOneOf(version),
  repository: hasFields({ id: isText, commonDir: isText }),
  digest: (value) => typeof value === 'string' && isDigest(value),
  at: isText,
  by: isOneOf('init', 'trust'),
  files: isListOf(hasFields({ path: isText, sha256: isText, text: isText })),
  commands: isListOf(hasFields({ phase: isOneOf('postCreateHook', 'preRemoveHook'), command: isText })),
  format: isNumber,
  origins: isMapOf(isText),
})

function isStored(value: unknown): value is Stored {
  if (!isShaped(value)) return false
  const { format, config } = value as { format: number; config: unknown }
  return format !== resolvedFormat || isResolvedConfig(config)
}

function isDigest(value: string): boolean {
  return /^[0-9a-f]{64}$/.test(value)
}
