import { type Choice, FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { Context } from '../context.ts'
import { predictConflicts } from '../../integrate/predict.ts'
import type { SyncQuestion } from './prepare-sync.ts'

/** Conflicting commits, with the ways there are for a sync. */
export async function explainConflicts(
  { git }: Context,
  id: string,
  { build, changed }: SyncQuestion,
  conflict: FlightRulesError,
): Promise<FlightRulesError> {
  const { method, head, onto, sides } = build
  const merges = method === 'rebase' && (await predictConflicts(git, head, onto)).clean
  const choices: Choice[] = [
    ...(merges ? [{ flag: '--method merge', label: `merge ${sides.base} into the session, which goes without conflicts` }] : []),
    {
      flag: '--leave-conflicts',
      label: `begin the ${method} and leave the conflicts for you to resolve${changed.length === 0 ? '' : ', once the uncommitted changes are committed'}`,
    },
  ]
  const { kind, code, message, details, cause } = conflict
  return new FlightRulesError({
    kind,
    code,
    message,
    choices,
    hint: `flightrules sync ${quoteForShell(id)} with:`,
    details,
    cause,
  })
}
