import { join } from 'node:path'
import type { Finding } from '../errors.ts'
import { FlightRulesError } from '../errors.ts'
import { listBranchTips } from '../git/branches.ts'
import { resolveCommit } from '../git/refs.ts'
import type { Plan, Step } from '../operations/plan.ts'
import { type Base, findBranch, resolveBase } from './base-branch.ts'
import { requireCarryFits } from './check-carry.ts'
import { checkBranch, checkPath, findTakenName, refuseTakenName } from './check-start.ts'
import type { Context } from './context.ts'
import type { SessionSet } from './load-sessions.ts'
import { nameFromGoal, nameNeeded, requireName, firstFreeName } from './name.ts'
import { makeSession } from './new-session.ts'
import { planProvision } from './plan-provision.ts'
import type { FetchedRequest } from './foreign/fetch-request.ts'
import type { ForeignWork, Session } from './session.ts'
import { redactGoals } from './session-secrets.ts'
import type { StartInput } from './start-input.ts'
import { addWorktreeStep } from './steps/add-worktree.ts'
import { followRemoteStep, holdHooksStep } from './steps/hold-hooks.ts'
import { createBranchStep } from './steps/create-branch.ts'
import { requireTouch } from './touch.ts'
import { writeHistoryStep, writeManifestStep, writeRecordStep } from './steps/write-record.ts'

export interface StartPlan {
  readonly plan: Plan
  readonly session: Session
  readonly path: string
}

/**
 * What `start` is going to do, with every refusal already made. Call it under the lock when it is to be applied:
 * ports and names are free only as long as nobody else takes one.
 * @throws FlightRulesError as documented for `start`.
 */
export async function planStart(context: Context, set: SessionSet, asked: StartInput): Promise<StartPlan> {
  const touch = requireTouch(asked.touch ?? [])
  const { request } = asked
  const provision = await planProvision(context, asked.setup, request === undefined ? 'own' : 'held')
  const input = { ...asked, goals: await redactGoals(context, asked.goals, provision.envFiles) }
  const tips = await listBranchTips(context.git)
  const { branchPrefix } = context.loaded.config
  const id = chooseName(input, set, (name) => tips.local.has(`${branchPrefix}${name}`))
  refuseTakenName(id, set)
  const { base, oid, findings } =
    request === undefined
      ? await chooseStart(
          context,
          set,
          input,
          () => resolveBase(context, tips, set.main.worktree),
          (name) => findBranch(tips, name),
        )
      : { ...request, findings: [] }
  const branch = request?.branch ?? `${branchPrefix}${id}`
  checkBranch(branch, tips, set, input.reuseBranch)
  const reused = input.reuseBranch ? tips.local.get(branch) : undefined
  if (input.dirtyMain.kind === 'carry') await requireCarryFits(context, set.main.worktree.head, reused ?? oid)
  const path = join(context.sessionsDir, id)
  await checkPath(context, path)
  const session = await makeSession(context, set, {
    id,
    branch,
    base,
    // what a branch held before is not this session's work
    baseCommit: reused ?? oid,
    startsAt: reused ?? oid,
    ownsBranch: reused === undefined,
    goals: input.goals,
    mode: 'parallel',
    createdBy: input.createdBy ?? 'cli',
    issue: input.issue,
    ...(request === undefined ? {} : describeRequest(request)),
    touch,
  })
  const steps: Step[] = [
    ...(reused === undefined ? [createBranchStep(branch, oid)] : []),
    addWorktreeStep(path, branch, session),
    ...(request === undefined ? [] : [holdHooksStep()]),
    writeRecordStep(session),
    writeManifestStep(),
    writeHistoryStep('started'),
    ...(request === undefined || reused !== undefined ? [] : [followRemoteStep(request.follows.remote, request.follows.ref)]),
    ...(input.dirtyMain.kind === 'carry'
      ? [{ kind: 'carry-changes', from: context.main, undo: 'the changes stay in the snapshot the step names' }]
      : []),
    ...provision.steps,
  ]
  return {
    plan: {
      version: 1,
      command: 'start',
      steps,
      choices: [],
      findings: [...findings, ...sayBehind(request, reused), ...provision.findings],
    },
    session,
    path,
  }
}

function describeRequest({ number, url, oid, from }: FetchedRequest): Pick<Session, 'pr'> & { foreign: ForeignWork } {
  return { pr: { number, url }, foreign: { request: number, head: oid, from } }
}

/** A branch that is there is taken as it is. */
function sayBehind(request: FetchedRequest | undefined, reused: string | undefined): Finding[] {
  if (request === undefined || reused === undefined || reused === request.oid) return []
  return [
    {
      code: 'REQUEST_DIFFERS',
      message: `request ${request.number} is at ${request.oid.slice(0, 12)}, the branch ${request.branch} here at ${reused.slice(0, 12)}, which was checked out`,
      hint: 'git pull in the session',
      details: { request: request.oid, branch: reused },
    },
  ]
}

/** A name somebody typed is theirs to change; one made from a goal steps around what is there. */
function chooseName(input: StartInput, set: SessionSet, isBranch: (name: string) => boolean): string {
  if (input.name !== undefined) return requireName(input.name)
  for (const name of [input.madeName, ...input.goals.map(nameFromGoal)]) {
    if (name !== undefined)
      return firstFreeName(
        name,
        (candidate) => findTakenName(candidate, set) !== undefined || (!input.reuseBranch && isBranch(candidate)),
      )
  }
  throw nameNeeded(input.goals)
}

async function chooseStart(
  context: Context,
  set: SessionSet,
  input: StartInput,
  defaultBase: () => Promise<Base>,
  branchNamed: (name: string) => Base | undefined,
): Promise<{ base: string; oid: string; findings: Finding[] }> {
  if (input.fromHere) {
    const here = [set.main, ...set.registered, ...set.unregistered].find(
      (entry) => entry.worktree.path === context.location.worktree,
    )
    const oid = here?.worktree.head ?? null
    if (oid !== null) {
      const branch = here?.worktree.branch?.replace('refs/heads/', '')
      return { base: branch ?? (await defaultBase()).branch, oid, findings: [] }
    }
  }
  if (input.base === undefined) {
    const { branch, oid } = await defaultBase()
    return { base: branch, oid, findings: [] }
  }
  const named = branchNamed(input.base)
  if (named !== undefined) return { base: named.branch, oid: named.oid, findings: [] }
  const oid = await resolveCommit(context.git, input.base)
  if (oid === null) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'BASE_NOT_FOUND',
      message: `${JSON.stringify(input.base)} is neither a branch nor a commit of this repository`,
      hint: 'git branch --all shows the branches; a branch that exists only on the remote needs a git fetch first',
      details: { base: input.base },
    })
  }
  return { base: (await defaultBase()).branch, oid, findings: [] }
}
