import { stat } from 'node:fs/promises'
import { FlightRulesError } from '../../errors.ts'

/**
 * The directory to work in: the one that was asked for, or the server's own, which may be gone too: an agent ended the session it was
 * started in.
 * @throws FlightRulesError NO_DIRECTORY
 */
export async function requirePlace(current: string, asked: string | undefined): Promise<string> {
  const place = asked ?? current
  const stats = await stat(place).catch(() => undefined)
  if (stats?.isDirectory() === true) return place
  const what = stats === undefined ? 'is not there (any more)' : 'is no directory'
  throw new FlightRulesError({
    kind: 'usage',
    code: 'NO_DIRECTORY',
    message: `${place}${asked === undefined ? ', where this server was started,' : ''} ${what}`,
    hint: "call again with `directory`: the absolute path of the main directory or of a session's worktree",
    details: { path: place },
  })
}
