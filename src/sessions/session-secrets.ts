import { FlightRulesError } from '../errors.ts'
import { loadSecrets, type Secret } from '../setup/load-secrets.ts'
import { redactText } from '../setup/redact.ts'
import type { Context } from './context.ts'
import type { Session } from './session.ts'

/** What was copied into a session and must not be told to anybody. */
export async function loadSessionSecrets(context: Context, session: Session, worktree: string): Promise<Secret[]> {
  const paths = session.envFiles.map((file) => file.path)
  return paths.length === 0 ? [] : loadSecrets([...new Set([worktree, context.main])], paths)
}

/** Goals are written into manifest, history and a log that is committed. */
export async function redactGoals(context: Context, goals: readonly string[], envFiles: readonly string[]): Promise<string[]> {
  if (goals.length === 0) return []
  const secrets = (await loadSecrets([context.main], envFiles)).map(({ value }) => value)
  return goals.map((goal) => redactText(goal, secrets))
}

/** The error without a session's secrets: other programs' words are part of it. Anything but a refusal of ours is given back as it is. */
export async function redactError(
  context: Context,
  entry: { readonly session: Session; readonly worktree: { readonly path: string } },
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof FlightRulesError)) return error
  const secrets = (await loadSessionSecrets(context, entry.session, entry.worktree.path)).map(({ value }) => value)
  const texts = JSON.stringify([error.message, error.hint, error.details, error.stack])
  if (secrets.length === 0 || redactText(texts, secrets) === texts) return error
  const { kind, code, choices, hint } = error
  const clean = (text: string): string => redactText(text, secrets)
  const redacted = new FlightRulesError({
    kind,
    code,
    choices,
    message: clean(error.message),
    ...(hint === undefined ? {} : { hint: clean(hint) }),
    details: mapTexts(error.details, clean) as Readonly<Record<string, unknown>>,
  })
  // its causes would say it again
  redacted.stack = clean(error.stack ?? '')
  return redacted
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, map)]))
}
