import type { CommandTemplate } from '../command-template.ts'

export const cleanupTemplate: CommandTemplate = {
  name: 'parallel.cleanup',
  description: 'Clean up merged, orphaned and left-over Flight Rules sessions, asking about each that is not safe',
  argumentHint: '[session id]',
  effect: 'changes',
  reads: ['status', 'cleanup --dry-run'],
  body: `Clean up what is finished or left over. What nobody can lose anything with goes; about the rest the person decides, one by one.

What the person typed with this command: {arguments}

1. \`flightrules cleanup --dry-run --json\`. Show each entry of \`data.plan.findings\`: what it is, the evidence, what would happen.
2. Ask whether to go on. Then \`flightrules cleanup --json\`: it removes only what is integrated, clean and not in use.
3. Entries of \`data.items\` with \`"done": false\` and a flag in \`decides\` wait for the person (exit status 3 and \`CLEANUP_NEEDS_DECISION\` when nothing else was done). For
   **each of them alone** say what it holds (uncommitted files, commits nobody else has) and ask. Only for those the person wants gone:
   \`flightrules cleanup --id <id> --json\`.
4. Say what went and under which name it is in the trash (\`trash\`): \`flightrules restore <name>\` brings it back, and \`flightrules undo\` takes the last clean-up back.

A session somebody is at work in is left, whatever is typed. Never delete a worktree, a branch or a folder by other means.
`,
}
