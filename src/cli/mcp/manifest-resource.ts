import type { Invocation } from '../../commands/command.ts'
import { openRepository } from '../../commands/open-repository.ts'
import { FlightRulesError } from '../../errors.ts'
import { loadManifest, refuseNewer } from '../../sessions/load-manifest.ts'
import { renderManifest } from '../../sessions/manifest.ts'
import { requireAnswer } from './require-answer.ts'
import type { OwnProgram } from './run-own-command.ts'

/** The manifest's text. A command brings it in line with git first, as every command does; here it is only read. */
export async function readManifest(program: OwnProgram, invocation: Invocation): Promise<string> {
  await requireAnswer(['status'], program, invocation.signal)
  const { context } = await openRepository(invocation)
  const stored = await loadManifest(context.sessionsDir)
  refuseNewer(stored)
  if (stored.state === 'valid') return stored.text
  if (stored.state === 'none')
    return renderManifest({ version: 1, project: context.project, main: context.main, sessions: [] }, undefined)
  throw new FlightRulesError({
    kind: 'failed',
    code: 'MANIFEST_UNREADABLE',
    message: `the manifest cannot be read: ${stored.state === 'corrupt' ? stored.reason : stored.state}`,
    hint: 'flightrules doctor',
  })
}
