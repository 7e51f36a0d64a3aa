import type { Choice } from '../errors.ts'

/** What a person is asked who did not say where to work, in a terminal and by an agent alike. */
export const modeQuestion = 'Where do you want to work?'

export const modeChoices: readonly Choice[] = [
  { flag: '--parallel', label: 'in a worktree of its own, beside other sessions' },
  { flag: '--standard', label: 'in the main worktree' },
]
