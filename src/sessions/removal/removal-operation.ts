import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { Git } from '../../git/git.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import type { Worktree } from '../../git/worktrees.ts'
import type { StepHandlers } from '../../operations/apply-plan.ts'
import { type OperationKind, StrangeEntryError } from '../../operations/operation.ts'
import type { Step } from '../../operations/plan.ts'
import { isGone } from '../../operations/trash/gate.ts'
import { planPutAway, putAwayCommitPoint, putAwayHandlers } from '../../operations/trash/put-away.ts'
import { type Context, commonDirOf } from '../context.ts'
import { leavingHandlers, planLeaving, type RemovalWork } from './leaving-steps.ts'
import { readRemovalFacts, type RemovalFacts } from './removal-facts.ts'

/** The steps a session's worktree goes by, as `--dry-run` shows them and as they are carried out. */
export function planRemoval(facts: RemovalFacts): Step[] {
  return [...planPutAway(facts.item), ...planLeaving(facts)]
}

const handlers: StepHandlers<RemovalWork> = { ...putAwayHandlers, ...leavingHandlers }

/** Taking a session's worktree away; interrupted before the move it is as it was, after it the removal is finished. */
export function removalOperation(context: Context): OperationKind<RemovalWork> {
  return {
    kind: 'remove',
    handlers,
    commitPoint: putAwayCommitPoint,
    unlocked: new Set(),
    describe({ facts }, outcome) {
      const id = (facts['item'] as { id?: string } | undefined)?.id ?? 'a session'
      return outcome === 'finished'
        ? { message: `the interrupted removal of session ${id} was finished; what it held is in the trash` }
        : { message: `the interrupted removal of session ${id} was taken back; it is as it was`, hint: 'flightrules status' }
    },
    async resume(entry) {
      const facts = readRemovalFacts(commonDirOf(context), entry)
      const { from, path, gitDir } = facts.item
      const places = await Promise.all([from, path].map((place) => readGitEntry(join(place, '.git'))))
      if (!places.includes(gitDir)) await requireInReach(facts.item)
      if (!places.includes(gitDir)) throw new StrangeEntryError(`neither ${from} nor ${path} is the worktree it names`)
      return makeRemovalWork(context, entry.op, facts)
    },
    async isCommitted(_entry, { item }) {
      // the folder is in one place or the other; what lies there must be that worktree
      if ((await readGitEntry(join(item.path, '.git'))) !== item.gitDir) return false
      const back = await readFile(join(item.gitDir, 'gitdir'), 'utf8').catch(() => '')
      return [join(item.path, '.git'), join(item.from, '.git')].includes(back.trim())
    },
  }
}

/** What is on a disk that is away is neither here nor gone: the entry waits for it. */
async function requireInReach({ from, path, gitDir }: RemovalFacts['item']): Promise<void> {
  const parent = dirname(from)
  const back = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')
  if (![from, path].some((place) => back.trim() === join(place, '.git'))) return
  if (!(await isGone(parent)) || !(await isGone(dirname(dirname(path))))) return
  throw new FlightRulesError({
    kind: 'failed',
    code: 'OUT_OF_REACH',
    message: `${parent} is not there; the disk it is on may not be mounted`,
    hint: `mount it; if it is gone for good, make the folder again: mkdir -p ${quoteForShell(parent)}`,
    details: { path: parent },
  })
}

export function makeRemovalWork(context: Context, op: string, facts: RemovalFacts, others?: readonly Worktree[]): RemovalWork {
  // once begun it is finished: an interruption half-way would leave it neither here nor there
  const git: Git = context.git.withoutSignal().with({ FLIGHTRULES_OP: op })
  const { item, lockedBefore } = facts
  return {
    context: { ...context, git },
    git,
    commonDir: commonDirOf(context),
    item,
    lockedBefore,
    op,
    facts,
    findings: [],
    others,
    branchDeleted: false,
  }
}
