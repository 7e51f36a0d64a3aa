import type { MergeMethod } from '../../config/types.ts'
import type { Commit } from '../../git/log.ts'
import { addTrailers, collectTrailers } from '../../integrate/trailers.ts'
import type { Session } from '../session.ts'

/** What a merge or squash commit says where nobody gave it a message. */
export function mergeMessage(session: Session, method: MergeMethod, commits: readonly Commit[]): string {
  const goals = session.goals.map((goal) => goal.replace(/\s+/g, ' ').trim()).filter((goal) => goal !== '')
  if (method === 'squash') {
    const subjects = commits.toReversed().map((commit) => `* ${subjectOf(commit)}`)
    const title = goals[0] ?? (commits.length === 1 ? commits[0]?.message.split('\n')[0] : undefined) ?? session.id
    const message = `${title === '' ? session.id : title}\n\n${subjects.join('\n')}\n`
    return addTrailers(message, collectTrailers(commits.toReversed().map((commit) => commit.message)))
  }
  const title = `Merge session ${session.id} (${session.branch ?? 'detached HEAD'}) into ${session.base}`
  return goals.length === 0 ? `${title}\n` : `${title}\n\n${goals.map((goal) => `* ${goal}`).join('\n')}\n`
}

function subjectOf({ oid, message }: Commit): string {
  const [subject = ''] = message.split('\n')
  return subject === '' ? `${oid.slice(0, 12)} (no message)` : subject
}
