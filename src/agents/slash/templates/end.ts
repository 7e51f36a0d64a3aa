import type { CommandTemplate } from '../command-template.ts'
import { settleConflicts } from './conflicts.ts'
import { endDecisions, renderDecisions } from './decisions.ts'

export const endTemplate: CommandTemplate = {
  name: 'dev-session.end',
  description: 'End a Flight Rules session: review, log, commit, then request, merge, keep or abandon it',
  argumentHint: '[session id]',
  effect: 'changes',
  reads: ['status', 'radar'],
  body: `You end a development session with the person: nothing that was done may be lost, and the person decides what becomes of it. Do the steps in order.

What the person typed with this command: {arguments}

## 1. Review

- \`flightrules status --json\`: the session is the one whose \`path\` you are in, or the one that was named. If neither is there, list the sessions and ask.
- In its worktree: \`git status\`, \`git diff\`, and \`git log --oneline <base>..HEAD\` with \`base\` from the answer. Compare with the goals: which are reached, which not?
- Run the project's tests and checks if that takes no more than a few minutes. Say what failed; do not hide it.
- Look at \`conflicts\` and \`behind\` in the answer. With conflicts, or far behind, propose \`/parallel.sync\` for when all is committed, after step 4.

## 2. Summarise

Tell the person in five to ten lines: what was done, what was decided and why, what is open. Ask whether that is right.

## 3. Update the log and the progress file

\`\`\`
flightrules log <id> --append summary --text "<what was done>" --json
flightrules log <id> --append decisions --text "<what was decided, and why>" --json
flightrules log <id> --append next-steps --text "<what is open>" --json
\`\`\`

If the project keeps a progress document (\`docs/progress.md\` or the like; \`appendOnly\` in \`flightrules config show --json\` names such files), add the line that
belongs there, in the form of those that are there. Write nothing secret into either: both are committed.

## 4. Commit

Propose a commit message and what is to be in it; name files that look as if they did not belong (build output, secrets, debug code). When the person
agrees, commit in the session's worktree with \`git add\` and \`git commit\`. Hooks run: if one refuses, mend what it says. Files the person wants
left out have to be settled now, for a session ends with a clean worktree.

## 5. Ask for the strategy

Ask, and wait. The words to use:

- **pr**: push the branch and open a pull or merge request; the session stays until that is merged
- **merge**: merge it into its base now, then remove the worktree. Ask how as well, if the project's config does not say (\`end.merge\`), and add it:
  \`--merge merge\`, \`--merge squash\`, \`--merge rebase\` or \`--merge ff-only\`
- **keep**: leave the worktree and branch as they are, pushed if there is a remote
- **abandon**: let the work go; it is kept in the trash and can be restored. Only when the person says this word themselves

A session in standard mode has no branch of its own: it is closed with \`--strategy keep\`.

## 6. End it

\`\`\`
flightrules end <id> --strategy <strategy> --json
\`\`\`

One plain command, from wherever you are. Never \`cd\` somewhere to merge by hand, never \`git merge\`, \`git worktree remove\` or \`git branch -d\` instead of it. With
keep and abandon offer \`--save-log\`, which copies the log into the main directory.

A refusal is a question to the person (see the rules below). What the codes are about:

${renderDecisions(endDecisions)}

After each answer run the same command again with the flag of that answer; whatever failed, the session is whole and the command goes on.

\`MERGE_CONFLICTS\` comes without choices: name the files, and ask whether to bring the session onto its base first: there they are resolved. If so:

\`\`\`
flightrules sync <id> --json
\`\`\`

That refuses too, now with choices. ${settleConflicts}

Then the tests again, and the command of this step once more.

## 7. Say what is now

From \`data\`: where it was integrated (\`integrated.into\`), the request (\`pr.url\`), whether the worktree and branch are gone, and the name in the trash with
\`flightrules restore <id>\`. If \`worktreeRemoved\` is true and you were in it, your directory is gone: write nothing more there, and tell the person to
go to the main directory and begin a new conversation.
`,
}
