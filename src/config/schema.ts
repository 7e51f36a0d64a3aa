import * as z from 'zod'
import { defaultConfig } from './defaults.ts'
import { presetNames } from './preset-table.ts'
import { toolNames } from './tool-names.ts'
import {
  checkAppendOnly,
  checkBranch,
  checkBranchPrefix,
  checkHostName,
  checkRelativeFile,
  checkRelativePath,
  checkSessionsDir,
  checkVariableName,
  checkVariableValue,
} from './safe-values.ts'

/** A text with a rule of ours on top. */
function text(check: (value: string) => string | undefined): z.ZodType<string> {
  return z.string().check((context) => {
    const complaint = check(context.value)
    if (complaint !== undefined) context.issues.push({ code: 'custom', message: complaint, input: context.value })
  })
}

function isNotEmpty(value: string): string | undefined {
  return value.trim() === '' ? 'is empty' : undefined
}

const variableName = text(checkVariableName)
const wholeNumber = z.int().min(0)
const port = z.int().min(1).max(65_535)
const portRange = z
  .strictObject({
    from: port.describe('The first port of the range.'),
    to: port.describe('The last port of the range.'),
    count: z.int().min(1).max(100).optional().describe('How many in a row each session gets; the name is for the first of them.'),
  })
  .refine(({ from, to }) => from <= to, { error: 'starts after it ends; `from` must not be above `to`' })
  .refine(({ from, to, count = 1 }) => to < from || to - from + 1 >= count, { error: 'has fewer ports than `count`' })
const hook = z
  .union([text(isNotEmpty), z.array(text(isNotEmpty))])
  .describe(
    'A shell line, or several that run in order and stop at the first failure. In a TypeScript or JavaScript config also a function.',
  )

const shape = {
  sessionsDir: text(checkSessionsDir).describe(
    "Where sessions live, relative to the main worktree or absolute. `{project}` is the main worktree's folder name.",
  ),
  branchPrefix: text(checkBranchPrefix).describe("Put in front of a session's name to make its branch."),
  base: text(checkBranch).describe(
    "The branch sessions start from and go back to. Without it: origin/HEAD's branch, else `init.defaultBranch`, else the branch checked out.",
  ),
  mode: z.literal(['ask', 'parallel', 'standard']).describe('What `start` does when no flag says.'),
  envFiles: z
    .array(text(checkRelativePath))
    .describe('Globs, relative to the main worktree, of ignored files each session gets a copy of.'),
  dependencies: z
    .strictObject({
      paths: z.array(text(checkRelativePath)).describe('Folders, as globs relative to the main worktree, each session gets too.'),
      strategy: z
        .literal(['clone', 'symlink', 'none'])
        .describe('How: `clone` copies on write where the file system can and plainly where not, `symlink` shares one folder.'),
    })
    .partial()
    .describe('Installed dependencies each session starts with.'),
  ports: z
    .record(variableName, z.union([port, portRange]))
    .describe(
      'One free port for each name and session: a port to look from, or an inclusive range `{from, to}`; with `count` it is the first of so many in a row.',
    ),
  env: z
    .record(variableName, text(checkVariableValue))
    .describe(
      'Variables for each session. Filled in: `{project} {session} {session_snake} {branch} {base} {main} {worktree}` and every declared port or variable.',
    ),
  aliases: z
    .array(z.literal(toolNames))
    .describe(
      "Tools by whose names the project's commands get the session's values too (`CONDUCTOR_ROOT_PATH`, `CODEX_WORKTREE_PATH` and so on), as scripts written for them expect.",
    ),
  envOut: text(checkRelativeFile).describe('File in the worktree that gets ports and variables, inside a marked block.'),
  postCreateHook: hook.meta({ title: 'Run in a new session, after env files and ports are in place.' }),
  preRemoveHook: hook.meta({ title: "Run before a session's worktree goes; its failure never keeps the worktree." }),
  sessionLog: z
    .union([
      z.literal(false),
      z.strictObject({ dir: text(checkRelativePath).describe('Folder of the logs, in the worktree.') }).partial(),
    ])
    .describe('The log each session keeps; `false` for none.'),
  end: z
    .strictObject({
      strategy: z.literal(['pr', 'merge', 'keep', 'abandon']).describe('What `end` does with the work when no flag says.'),
      merge: z.literal(['merge', 'squash', 'rebase', 'ff-only']).describe('How `end --strategy merge` brings it into the base.'),
      sync: z.literal([false, 'rebase', 'merge']).describe('Bring the session up to date with its base first, and how.'),
      deleteBranch: z.literal(['merged', 'never']).describe("Whether the session's branch goes once its work is in the base."),
      pr: z
        .strictObject({
          draft: z.boolean().describe('Open pull requests as drafts.'),
          labels: z.array(text(isNotEmpty)).describe('Labels of a new pull request.'),
          reviewers: z.array(text(isNotEmpty)).describe('Who is asked to review it.'),
        })
        .partial()
        .describe('How pull requests are opened.'),
    })
    .partial()
    .describe('How sessions end.'),
  appendOnly: z
    .array(text(checkAppendOnly))
    .describe(
      'Globs, relative to the worktree, of files lines are only added to: where two sides did, git keeps the lines of both and sees no conflict.',
    ),
  documents: z
    .array(text(checkRelativePath))
    .describe(
      'Globs, relative to the worktree, of specs and progress notes: what two sessions change of these is named as such.',
    ),
  stale: z
    .strictObject({
      days: wholeNumber.describe('Days without a change.'),
      behind: wholeNumber.describe('Commits behind the base.'),
    })
    .partial()
    .describe('From when on a session is reported as stale.'),
  hooks: z
    .strictObject({
      postCheckout: z
        .strictObject({
          register: z
            .literal(['all', 'sessions', false])
            .describe('Which new worktrees become sessions: all, those in the sessions directory, or none.'),
          setup: z.boolean().describe('Run `postCreateHook` in them, where the config is trusted.'),
        })
        .partial()
        .describe("git's post-checkout."),
      prePush: z
        .strictObject({
          registered: z.literal(['register', 'refuse', 'ignore']).describe('A push from a worktree that is no session yet.'),
          cleanTree: z.literal(['sessions', 'all', false]).describe('Whose working tree must be clean for a push.'),
          untracked: z.literal(['refuse', 'warn', 'ignore']).describe('What untracked files do to a push.'),
          conflicts: z.literal(['refuse', 'warn', 'ignore']).describe('What predicted conflicts with the base do to a push.'),
        })
        .partial()
        .describe("git's pre-push."),
      postMerge: z
        .strictObject({
          cleanup: z.literal(['auto', 'report', false]).describe('Sessions whose work has arrived: removed, named, or left.'),
        })
        .partial()
        .describe("git's post-merge."),
    })
    .partial()
    .describe("What git's own hooks do."),
  agents: z
    .strictObject({
      overlap: z
        .literal(['off', 'warn', 'deny'])
        .describe('An edit of a file that another session changes too: the agent hears nothing, is told once, or is stopped.'),
    })
    .partial()
    .describe("What the agents' own hooks do."),
  trash: z
    .strictObject({ days: wholeNumber.describe('Days a removed session can be brought back at least.') })
    .partial()
    .describe('Removed sessions.'),
  forges: z
    .record(text(checkHostName), z.literal(['github', 'gitlab']))
    .describe('Which forge a host is, for one whose name does not tell: `{ "git.example.com": "gitlab" }`.'),
} as const

const presetSchema = z.strictObject({
  name: text(isNotEmpty).describe('Shown as the origin of its values.'),
  ...z.strictObject(shape).partial().shape,
})

/** A configuration as written, functions taken out. */
export const configSchema = z
  .strictObject({
    $schema: z.string().describe('For editors: where the JSON Schema is.'),
    extends: z
      .array(z.union([z.literal(presetNames), presetSchema]))
      .describe('Presets by name, or preset objects. Later ones win; what the config itself says wins over all.'),
    ...shape,
  })
  .partial()

export type WrittenConfig = z.infer<typeof configSchema>

/** The JSON Schema that is published, with the defaults. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' })
  const properties = schema.properties ?? {}
  for (const [key, value] of Object.entries(defaultConfig)) {
    const property = properties[key]
    if (typeof property === 'object' && value !== null) property.default = value
  }
  return { ...schema, title: 'Configuration of Flight Rules' }
}
