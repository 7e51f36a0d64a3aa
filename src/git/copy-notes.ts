import { FlightRulesError } from '../errors.ts'
import type { Git } from './git.ts'

/**
 * Gives rebased commits the notes of those they were made from, where `notes.rewriteRef` asks for it. The commits are there whatever
 * becomes of it: as for git, what fails is not an end.
 * @throws FlightRulesError INTERRUPTED.
 */
export async function copyNotes(git: Git, rewritten: readonly { readonly from: string; readonly to: string }[]): Promise<void> {
  if (rewritten.length === 0) return
  const input = rewritten.map(({ from, to }) => `${from} ${to}\n`).join('')
  try {
    await git.run(['notes', 'copy', '--stdin', '--for-rewrite=rebase'], { input })
  } catch (error) {
    if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
  }
}
