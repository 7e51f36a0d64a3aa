import type { CommandTemplate } from '../command-template.ts'
import { settleConflicts } from './conflicts.ts'

export const syncTemplate: CommandTemplate = {
  name: 'parallel.sync',
  description: 'Bring a Flight Rules session, or all of them, onto the base as it is now',
  argumentHint: '[session id, or all]',
  effect: 'changes',
  reads: ['status', 'radar', 'sync --dry-run'],
  body: `Bring a session onto its base as it is now. What is not committed stays what it is, staged or not.

What the person typed with this command: {arguments}

1. Which one: the session that was named; \`all\` for every one; else the one you are in. If you are in none, list them (\`flightrules status --json\`) and ask.
2. \`flightrules sync --dry-run <id> --json\` tells how far behind it is and whether it would conflict (exit status 4). Say so. Nothing to do: stop
   here. Its choices are those of 3: they are asked there.
3. \`flightrules sync <id> --json\`, or \`flightrules sync --all --json\` for all: that goes on past a session that fails.
4. Say of each entry in \`data.results\`: \`up-to-date\`, \`synced\` (from, to), \`conflict\` (files) or \`failed\` (its \`error\`).

With \`conflict\` (exit status 4, \`MERGE_CONFLICTS\`) everything is as it was. Ask the person, with the choices of the answer.

${settleConflicts}

\`BASE_REWRITTEN\`: the base was rewritten; which of the dropped commits stay is the person's decision. \`flightrules undo\` takes a sync back.
`,
}
