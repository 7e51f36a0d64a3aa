import { toOneLine } from '../../integrate/inert-text.ts'
import { nameFromGoal, slugify } from '../name.ts'

/** Characters of somebody's title that are kept. */
const longest = 200

/** A title from outside as a goal: one line of what can be seen. Empty when nothing is left. */
export function toGoal(title: string): string {
  const characters = [...toOneLine(title.slice(0, 4000))]
  return characters.length > longest
    ? `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
    : characters.join('')
}

/** The session's name for an issue: its number, and as much of the title as makes a name. */
export function nameFromIssue(number: number, goal: string): string {
  const words = nameFromGoal(goal)
  return slugify(words === undefined ? `issue-${number}` : `${number}-${words}`) ?? `issue-${number}`
}
