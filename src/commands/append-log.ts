import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import type { Plan } from '../operations/plan.ts'
import { appendToLog, largestEntry, noText, requireSize } from '../sessions/log/append-to-log.ts'
import { refusal } from '../sessions/log/refusal.ts'
import { requireSection, sectionTitles } from '../sessions/log/sections.ts'
import type { Invocation, Outcome } from './command.ts'
import { openSession, requireWorktree } from './session-argument.ts'

/** `log --append`: what is wrong with section and text is said before anything is looked at. */
export async function appendLog(invocation: Invocation, typed: string): Promise<Outcome> {
  const section = requireSection(typed)
  const text = await readText(invocation)
  const { context, entry, findings } = await openSession(invocation)
  const { session, worktree } = entry
  if (session.sessionLog === null) throw refusal(session, 'none')
  await requireWorktree(entry)
  if (invocation.dryRun) {
    const step = { kind: 'append-to-session-log', file: session.sessionLog, section, undo: 'take it out of the file again' }
    const plan: Plan = { version: 1, command: 'log', steps: [step], choices: [], findings: [] }
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    return { data: { plan }, findings, view: (screen) => screen.answer(renderPlan(plan)) }
  }
  const { appended, findings: more } = await appendToLog(context, entry, section, text)
  const path = join(worktree.path, session.sessionLog)
  return {
    data: { path, section, appended },
    findings: [...findings, ...more],
    view: (screen) => screen.answer(`Added to ${sectionTitles[section]} of ${path}`),
  }
}

/** From the flag, else from standard input. A terminal is not waited for: nobody would know what for. */
async function readText({ options, input }: Invocation): Promise<string> {
  const given = options['text']
  if (typeof given !== 'string' && input === undefined) throw noText()
  const text = typeof given === 'string' ? given : await readInput(input)
  if (text.trim() === '') throw noText()
  requireSize(text)
  return text
}

async function readInput(input: Invocation['input']): Promise<string> {
  const bytes = (await input?.(largestEntry + 1)) ?? Buffer.alloc(0)
  // cut in the middle of a character
  if (bytes.length > largestEntry || isUtf8(bytes)) return bytes.toString()
  throw new FlightRulesError({
    kind: 'usage',
    code: 'NO_TEXT',
    message: 'what came on standard input is no UTF-8 text; nothing was appended',
    hint: 'iconv -t UTF-8 makes it one',
  })
}
