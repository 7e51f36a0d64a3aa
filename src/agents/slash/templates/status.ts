import type { CommandTemplate } from '../command-template.ts'

export const statusTemplate: CommandTemplate = {
  name: 'parallel.status',
  description: 'Show all Flight Rules sessions: goals, changes, conflicts, state',
  argumentHint: '',
  effect: 'reads',
  reads: ['status'],
  body: `Show the person which sessions there are and how they stand.

What the person typed with this command: {arguments}

1. \`flightrules status --json\`.
2. A table, the session you are in marked: Session, Branch, Started, Goals, Changes (staged, modified, untracked), ahead/behind the base, State (\`states\`).
   Then the main directory: branch, clean or not.
3. Below it, each in a line and only where there is something:
   - who conflicts with whom, in which files (\`conflicts\`); who else changes the same files without a conflict (\`overlaps\`)
   - sessions whose state is not \`active\`, and what helps: \`merged\` or \`orphaned\` → \`/parallel.cleanup\`; \`stale\` → \`/parallel.sync\`; \`setup failed\` → \`flightrules setup <id>\`;
     \`rebasing\`, \`merging\` → somebody has to finish it there
   - who is at work where (\`live\`, with its source)
4. How to switch: \`cd <path>\` of a session.

Change nothing.
`,
}
