import type { CommandTemplate } from '../command-template.ts'

export const overviewTemplate: CommandTemplate = {
  name: 'parallel.overview',
  description: 'One page for whoever oversees many agents: what each session does, who waits for what, what to do next',
  argumentHint: '',
  effect: 'reads',
  reads: ['status', 'radar', 'history'],
  body: `Write one page for the person who oversees several agents: what is going on, who waits for what, what to do next.

What the person typed with this command: {arguments}

1. \`flightrules status --json\`, \`flightrules radar --order --json\` and \`flightrules history --json\`; for each session \`flightrules log <id> --json\` (its plan and
   summary).
2. The page:
   - **Now**: one line a session: what it is for, how far it is by its log, what it changed last and when, who is at work in it (\`live\`).
   - **Waits for you**: open questions, refused or failed steps, requests (\`pr\`), sessions in the middle of a rebase or merge, failed setups.
   - **In each other's way**: conflicts first, then shared files.
   - **Next**: the order to merge in and why; what can be cleaned up; what is stale. At most five lines, each with the command to type.
3. Where nothing is known, say that rather than guess.

Change nothing.
`,
}
