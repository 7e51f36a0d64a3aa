import { isAbsolute } from 'node:path'

/** Milliseconds a prompt waits for an agent's JSON: whoever writes it does so at once. */
export const statusPatience = 300

/**
 * The directory an agent asks a status line for: where it is now, which follows it into a worktree as the directory it was started in does
 * not. undefined where it does not say.
 */
export function findStatusDirectory(fields: Readonly<Record<string, unknown>>): string | undefined {
  const { workspace } = fields
  const current =
    typeof workspace === 'object' && workspace !== null ? (workspace as Record<string, unknown>)['current_dir'] : undefined
  return [current, fields['cwd']].find(
    (value): value is string => typeof value === 'string' && isAbsolute(value) && !value.includes('\0'),
  )
}
