import type { GitOperation } from '../git/operation-in-progress.ts'
import type { SessionState } from './session-status.ts'

/** What a session is called that is in the middle of one of git's operations. */
export const operationStates: Readonly<Record<GitOperation, SessionState>> = {
  rebase: 'rebasing',
  am: 'applying',
  merge: 'merging',
  'cherry-pick': 'cherry-picking',
  revert: 'reverting',
  bisect: 'bisecting',
}
