import type { CommandTemplate } from '../command-template.ts'

export const radarTemplate: CommandTemplate = {
  name: 'parallel.radar',
  description: 'See which Flight Rules sessions change the same files, and where they would conflict',
  argumentHint: '[session id, or a file]',
  effect: 'reads',
  reads: ['radar', 'status'],
  body: `Show the person who is in whose way, before it costs anything. Work that is not committed is looked at as well.

What the person typed with this command: {arguments}

1. A file or folder was named: \`flightrules radar --file <path> --json\` and say who else changes it, since when, and whether merging would conflict.
   Else \`flightrules radar --json\`, or \`flightrules radar <id> --json\` for one session.
2. For each pair with conflicts: both names, the files, the kind (\`content\`, \`modify/delete\`, \`rename\`, …). \`base:<branch>\` is the base of a session. Look at both
   versions of the first few files in their worktrees (\`path\` in \`flightrules status --json\`) and say in a sentence what each side does.
3. Files both change without a conflict: a line a pair. Documents among them (\`documents\`) may contradict each other although git merges them: say so.
4. With more than one conflict: \`flightrules radar --order --json\` and the order to merge in, with its reasons.
5. Propose what to do, and leave it to the person: who goes first, what to move out of the way, \`/parallel.sync\`.

Change nothing, least of all in another session's worktree.
`,
}
