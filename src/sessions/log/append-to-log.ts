import { type Finding, FlightRulesError } from '../../errors.ts'
import { stripInvisible } from '../../integrate/inert-text.ts'
import { loadSecrets, type Secret } from '../../setup/load-secrets.ts'
import { redactText } from '../../setup/redact.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { planProvision } from '../plan-provision.ts'
import type { Session } from '../session.ts'
import { loadSessionSecrets } from '../session-secrets.ts'
import { addToSection } from './add-to-section.ts'
import { changeLog } from './change-log.ts'
import { toInertEntry } from './inert-entry.ts'
import { refusal } from './refusal.ts'
import type { SectionName } from './sections.ts'

/** Bytes of one entry. */
export const largestEntry = 64 << 10

/**
 * Adds Markdown from outside to a section of a session's log, which is committed: what was copied from env files is taken out of it, and
 * it is made to begin, end and hide nothing of the log.
 * @returns the text as it stands in the log now, with `\n`.
 * @throws FlightRulesError NO_TEXT, TEXT_TOO_LONG (usage), NO_SESSION_LOG, SESSION_LOG_UNUSABLE, SESSION_LOG_BUSY; nothing was changed then.
 */
export async function appendToLog(
  context: Context,
  entry: RegisteredSession,
  section: SectionName,
  text: string,
): Promise<{ appended: string; findings: readonly Finding[] }> {
  const { session, worktree } = entry
  requireSize(text)
  const plain = stripInvisible(text)
  const found = (await findSecrets(context, session, worktree.path)).filter(({ value }) => redactText(plain, [value]) !== plain)
  const values = found.map(({ value }) => value)
  const appended = toInertEntry(redactText(plain, values))
  if (appended === '') throw noText()
  const problem = await changeLog(context, entry, (log) => addToSection(log, section, appended))
  if (problem !== null) throw refusal(session, problem)
  return { appended, findings: found.length === 0 ? [] : [redacted(found)] }
}

/** @throws FlightRulesError TEXT_TOO_LONG. */
export function requireSize(text: string): void {
  const size = Buffer.byteLength(text)
  if (size <= largestEntry) return
  throw new FlightRulesError({
    kind: 'usage',
    code: 'TEXT_TOO_LONG',
    message: `the text is longer than the ${largestEntry >> 10} KiB that are added to a log at once; nothing was added`,
    hint: 'say it shorter, or commit it as a file and name that',
    details: { limit: largestEntry },
  })
}

/** A session in the main worktree has copied nothing: there the files themselves are. */
async function findSecrets(context: Context, session: Session, worktree: string): Promise<Secret[]> {
  if (session.mode !== 'standard') return loadSessionSecrets(context, session, worktree)
  const { envFiles } = await planProvision(context, 'skip')
  return loadSecrets([worktree], envFiles)
}

export function noText(): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'NO_TEXT',
    message: 'there is no text to append: neither in --text nor on standard input',
    hint: `flightrules log --append plan --text "…"    or    … | flightrules log --append plan`,
  })
}

function redacted(secrets: readonly Secret[]): Finding {
  const names = [...new Set(secrets.map(({ name, file }) => `${name} of ${file}`))]
  return {
    code: 'SECRETS_REDACTED',
    message: `the text held the value of ${names.join(', ')}, which is not in the log: that is committed`,
    details: { secrets: [...new Set(secrets.map(({ name, file }) => ({ name, file })))] },
  }
}
