import { modeChoices, modeQuestion } from '../../../sessions/mode-question.ts'
import type { CommandTemplate } from '../command-template.ts'
import { renderDecisions, startDecisions } from './decisions.ts'

const modes = modeChoices.map(({ flag, label }) => `- **${flag.replace(/^--/, '')}** (\`${flag}\`): ${label}`).join('\n')

export const startTemplate: CommandTemplate = {
  name: 'dev-session.start',
  description: 'Start a Flight Rules session: agree what it is for, then make its worktree, ports and log',
  argumentHint: '[what it is for, or an issue number]',
  effect: 'changes',
  reads: ['status', 'radar'],
  body: `You start a development session with the person: you agree what it is for, make it, and write the plan into its log. Do the steps in order.

What the person typed with this command: {arguments}

## 1. Look around

- \`flightrules status --json\`: which sessions there are, what each is for, which main branch is checked out and whether it is clean. If
  \`data.sessions\` has one whose \`path\` is where you are, you are in a session already: say which, and ask whether to go on in it instead.
- Read what the project says about itself: README, CLAUDE.md or AGENTS.md, the progress or roadmap document if there is one, and the newest two files in
  \`docs/session_logs\`, whose "Next steps" are often where to go on.
- Incomplete or orphaned sessions in the answer: name them and ask whether they are to be resumed, cleaned up (\`/parallel.cleanup\`) or left.

## 2. Agree the goals

Propose one to three goals, each a sentence that tells when it is reached, from what was typed and what you read. Ask the person to confirm or change
them. Ask also which files or folders it will probably touch, or propose them. Where another session has the same goal or changes the same files
(\`flightrules radar --file <path> --json\`), say so now.

## 3. Ask where to work

${modeQuestion}

${modes}

Recommend parallel when another session is active or the main directory is not clean. Do not choose.

## 4. Start it

\`\`\`
flightrules start <name> --goal "<goal>" --touch "<glob>" --parallel --json
\`\`\`

One \`--goal\` for each goal, one \`--touch\` for each glob, \`--standard\` instead of \`--parallel\` if that was the answer, \`--issue <n>\` for an issue. The name is
short, lower case, with hyphens; without one it is made from the first goal.

A refusal is a question to the person (see the rules below). What the codes are about:

${renderDecisions(startDecisions)}

\`SETUP_FAILED\` comes with \`data\`: the session is there. Show the failed command, look at the log it names, and propose the mend and
\`flightrules setup <id> --json\`.

## 5. Write the plan into the session log

Propose a short plan: steps, in order, with how each is checked. When the person agrees:

\`\`\`
flightrules log <id> --append plan --text "<the plan, as Markdown>" --json
\`\`\`

\`<id>\` is \`data.session.id\`. Later, decisions go there too: \`--append decisions\`.

## 6. Say how to switch

Show what \`data.next\` lists, line by line: the \`cd\` to the session's worktree and the agent to start there. Name the ports in \`data.session.ports\`. Say
that this conversation stays where it is, and that work on the session is done in its worktree (in standard mode: right here). Do not edit files
of the session from here.
`,
}
