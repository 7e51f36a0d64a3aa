/** How a rebase or merge that was left to somebody is brought to its end, by an agent as well. */
export const settleConflicts = `\`--leave-conflicts\` wants every change committed first, and ends with \`CONFLICTS_LEFT\`: the session is in the middle of a rebase or merge
(\`error.details.operation\`), for somebody to resolve. If the person asks you to:

- In the session's worktree go through \`error.details.paths\`, file by file. Keep what both sides meant, show each resolution, and when the person
  agrees: \`git add <file>\`.
- Then \`git -c core.editor=true rebase --continue\`, or \`git -c core.editor=true merge --continue\`, which waits for no editor. A rebase may stop again at a
  later commit: \`git status\` names its files, and it begins anew with them.
- When git is done, \`flightrules sync <id> --json\` once more: it notes that the session is on its base.

\`git rebase --abort\`, or \`git merge --abort\`, puts everything back.`
