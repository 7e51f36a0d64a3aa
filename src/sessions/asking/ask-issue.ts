import { type Finding, FlightRulesError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { SessionSet } from '../load-sessions.ts'
import { askForge, requireBaseForge } from './base-forge.ts'
import { nameFromIssue, toGoal } from './title.ts'

export interface IssueAnswer {
  /** The title, null when it is not known. */
  readonly goal: string | null
  /** What a session about it is called when nobody says; null likewise. */
  readonly name: string | null
  readonly findings: readonly Finding[]
}

/**
 * Asks the forge what an issue is about.
 * @param isNeeded nothing else says what the session is for: what fails is then the end, else a finding.
 * @throws FlightRulesError with the choice to say it by hand.
 */
export async function askIssue(context: Context, set: SessionSet, number: number, isNeeded: boolean): Promise<IssueAnswer> {
  try {
    return await ask(context, set, number)
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.kind === 'interrupted' || isNeeded) throw error
    // a repository that is on no forge has issues of another kind, whose number is enough
    const isElsewhere = error.code === 'NO_REMOTE' || error.code === 'FORGE_UNKNOWN'
    const finding = {
      code: 'ISSUE_UNREAD',
      message: error.message.replace('; nothing was started', ''),
      details: { issue: number },
    }
    return { goal: null, name: null, findings: isElsewhere ? [] : [finding] }
  }
}

async function ask(context: Context, set: SessionSet, number: number): Promise<IssueAnswer> {
  const choices = [{ flag: '--goal <text>', label: 'say what it is for by hand; the number is noted all the same' }]
  const issue = await askForge(`the title of issue ${number} is not known`, choices, async () => {
    const { forge } = await requireBaseForge(context, set)
    return forge.readIssue(number)
  })
  const goal = toGoal(issue.title)
  if (goal === '') {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'ISSUE_WITHOUT_TITLE',
      message: `issue ${number} has no title that could be read; nothing was started`,
      hint: 'run the command again with:',
      choices,
      details: { issue: number, url: issue.url },
    })
  }
  const closed = {
    code: 'ISSUE_CLOSED',
    message: `issue ${number} is closed: ${goal}`,
    details: { issue: number, url: issue.url },
  }
  return { goal, name: nameFromIssue(number, goal), findings: issue.isOpen ? [] : [closed] }
}
