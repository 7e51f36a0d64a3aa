import * as z from 'zod'
import { type Tool, argument, changes, directory, looks, option, session, text } from './tool.ts'

const asked = 'Pass it only when the person has answered so; a refusal lists the choices to ask them with.'

/**
 * What agents may do by a tool. Left out, for a person at the command line: whatever lets go of work (abandoning, purging, clean-up by
 * decision), approving a config (`trust`), releasing a lock, and running other programs.
 */
export const tools: readonly Tool[] = [
  {
    name: 'status',
    description:
      'All sessions: goals, branch, worktree, ports, changes, distance to the base, conflicts, state, who is at work in them; and the main directory.',
    input: z.strictObject({ directory }),
    annotations: looks,
    toArgv: () => ['status'],
  },
  {
    name: 'radar',
    description:
      'Which files sessions change in common and where they would conflict, uncommitted work included. With `files`: who else changes these. With `order`: in which order to merge.',
    input: z.strictObject({
      directory,
      session: session.describe('only this session with the others; default: every pair'),
      files: z.array(text).max(100).optional().describe('paths, seen from `directory`; they need not exist'),
      order: z.boolean().optional(),
    }),
    annotations: looks,
    toArgv: ({ session: id, files, order }) => [
      'radar',
      ...option('--file', files),
      ...option('--order', order),
      ...argument(id),
    ],
  },
  {
    name: 'start',
    description:
      'Start a session: a worktree with branch, env files, dependencies, ports and log of its own. Agree name and goals with the person first. The answer has its `path`; work on it happens there.',
    input: z.strictObject({
      directory,
      name: text.optional().describe('lower case, with hyphens; made from the first goal when it is missing'),
      goals: z.array(text).max(20).optional(),
      touch: z.array(text).max(100).optional().describe('globs of files it is going to change'),
      base: text.optional().describe('branch, tag or commit to start from'),
      issue: z.int().positive().optional(),
      mode: z
        .enum(['parallel', 'standard'])
        .optional()
        .describe('standard: in the main directory, without a worktree. Ask the person.'),
      dirtyMain: z
        .enum(['carry', 'stash', 'proceed'])
        .optional()
        .describe(`what becomes of uncommitted changes in the main directory. ${asked}`),
      reuseBranch: z.boolean().optional().describe(`check out the branch of this name that is there. ${asked}`),
      fromHere: z.boolean().optional().describe(`start from the commit checked out in \`directory\`. ${asked}`),
      noSetup: z.boolean().optional().describe(`do not run the project's setup commands. ${asked}`),
    }),
    annotations: { ...changes, openWorldHint: true },
    toArgv: ({ name, goals, touch, base, issue, mode, dirtyMain, reuseBranch, fromHere, noSetup }) => [
      'start',
      ...option('--goal', goals),
      ...option('--touch', touch),
      ...option('--base', base),
      ...option('--issue', issue),
      ...(mode === undefined ? [] : [`--${String(mode)}`]),
      ...(dirtyMain === undefined ? [] : [`--${String(dirtyMain)}`]),
      ...option('--reuse-branch', reuseBranch),
      ...option('--from-here', fromHere),
      ...option('--no-setup', noSetup),
      ...argument(name),
    ],
  },
  {
    name: 'sync',
    description:
      'Bring a session onto its base as it is now; what is not committed stays what it is. On conflicts everything is as it was before and the files are named.',
    input: z.strictObject({
      directory,
      session,
      all: z.boolean().optional().describe('every session in work'),
      method: z.enum(['rebase', 'merge']).optional(),
      preview: z.boolean().optional().describe('only say what would be done'),
    }),
    annotations: { ...changes, idempotentHint: true, openWorldHint: true },
    toArgv: ({ session: id, all, method, preview }) => [
      'sync',
      ...option('--all', all),
      ...option('--method', method),
      ...option('--dry-run', preview),
      ...argument(id),
    ],
  },
  {
    name: 'end',
    description:
      'End a session. The person decides the strategy: ask. pr: push and open a request; merge: merge into its base and remove the worktree, from where `restore` brings it back; keep: leave it. Letting work go is done by a person: flightrules end <id> --strategy abandon.',
    input: z.strictObject({
      directory,
      session,
      strategy: z
        .enum(['pr', 'merge', 'keep'], {
          error: ({ input }) =>
            input === 'abandon' ? 'a person lets work go, by typing: flightrules end <id> --strategy abandon' : undefined,
        })
        .describe('as the person said'),
      merge: z.enum(['merge', 'squash', 'rebase', 'ff-only']).optional(),
      commit: text.optional().describe(`commit everything with this message first. ${asked}`),
      message: text.optional().describe('message of the merge'),
      title: text.optional().describe('title of the request'),
      draft: z.boolean().optional(),
      sync: z.enum(['rebase', 'merge']).optional().describe(`bring it onto its base first. ${asked}`),
      keepWorktree: z.boolean().optional().describe(`leave the worktree. ${asked}`),
      pushOnly: z.boolean().optional().describe(`push without opening a request. ${asked}`),
      saveLog: z.boolean().optional().describe('keep: copy the session log into the main directory'),
    }),
    annotations: { ...changes, destructiveHint: true, openWorldHint: true },
    toArgv: ({ session: id, strategy, merge, commit, message, title, draft, sync, keepWorktree, pushOnly, saveLog }) => [
      'end',
      ...option('--strategy', strategy),
      ...option('--merge', merge),
      ...option('--commit', commit),
      ...option('--message', message),
      ...option('--title', title),
      ...option('--draft', draft),
      ...option('--sync', sync),
      ...option('--keep-worktree', keepWorktree),
      ...option('--push-only', pushOnly),
      ...option('--save-log', saveLog),
      ...argument(id),
    ],
  },
  {
    name: 'cleanup_preview',
    description:
      'What is merged, orphaned, stale or left over, why, and what a clean-up would do. Show it to the person before `cleanup`.',
    input: z.strictObject({ directory }),
    annotations: looks,
    toArgv: () => ['cleanup', '--dry-run'],
  },
  {
    name: 'cleanup',
    description:
      'Remove what nothing can be lost with: sessions whose work is in their base, that are clean and that nobody is in, and half-made ones with nothing in them. The rest is named, and a person decides on it, by typing: flightrules cleanup --id <id>.',
    input: z.strictObject({ directory }),
    annotations: { ...changes, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    toArgv: () => ['cleanup'],
  },
  {
    name: 'restore',
    description:
      'Bring back a session that was removed: branch, commits, index, files, goals. Without `session` nothing is done, and `choices` has what can be brought back.',
    input: z.strictObject({
      directory,
      session: text.optional().describe('id it had; its newest entry in the trash'),
      trash: text.optional().describe('an entry other than the newest, as `choices` names it'),
      as: text.optional().describe('another name, when the old one is taken'),
    }),
    annotations: changes,
    toArgv: ({ session: id, trash, as }) => ['restore', ...option('--trash', trash), ...option('--as', as), ...argument(id)],
  },
  {
    name: 'log',
    description: "A session's log: goals, plan, summary, decisions, next steps.",
    input: z.strictObject({ directory, session }),
    annotations: looks,
    toArgv: ({ session: id }) => ['log', ...argument(id)],
  },
  {
    name: 'log_append',
    description: "Add Markdown to a section of a session's log. The log is committed: write nothing secret.",
    input: z.strictObject({ directory, session, section: z.enum(['plan', 'summary', 'decisions', 'next-steps']), text }),
    annotations: changes,
    toArgv: ({ session: id, section, text: added }) => [
      'log',
      ...option('--append', section),
      ...option('--text', added),
      ...argument(id),
    ],
  },
  {
    name: 'environment',
    description: "A session's ports and variables, for servers and tests that are started for it.",
    input: z.strictObject({ directory, session }),
    annotations: looks,
    toArgv: ({ session: id }) => ['env', ...argument(id)],
  },
]
