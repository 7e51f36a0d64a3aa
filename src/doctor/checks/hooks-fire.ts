import { basename, join, relative } from 'node:path'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { isWithin } from '../../sessions/find-session.ts'
import { healHooks } from '../../setup/heal-hooks.ts'
import { type Check, fail, ok, type Repair, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'
import type { HookAnswer } from '../hooks/ask-hooks.ts'
import { hasOurs, type InstalledHook } from '../hooks/inspect-hooks.ts'
import { switchHuskyOn } from '../hooks/switch-husky-on.ts'

type Answers = ReadonlyMap<InstalledHook, HookAnswer>

/** Each hook in each worktree, proven by having git run it. */
export const hooksFire: Check = {
  id: 'hooks-fire',
  group: 'hooks',
  async run(facts) {
    const [hooks, answers] = await Promise.all([facts.hooks(), facts.answers()])
    if (!hooks.some(hasOurs) && (await facts.hooksHome()) === undefined) {
      return warn('nothing to fire: git finds no hook of Flight Rules in any worktree', 'flightrules init')
    }
    const silent = hooks.filter((hook) => explainSilence(hook, answers) !== undefined)
    const shared = join(facts.commonDir, 'hooks')
    const elsewhere = silent.filter((hook) => !isInside(hook) && hook.directory !== shared)
    const own = silent.filter((hook) => !elsewhere.includes(hook))
    const main = await facts.main()
    const isElsewhere = !hooks.some(hasOurs)
    const verdicts = [
      ...groupBy(elsewhere, ({ directory }) => directory).map(describeElsewhere),
      ...groupBy(own, ({ root, directory, file, state }) =>
        directory !== shared ? root : state === 'no-file' ? state : file,
      ).map((group) => describeSilence(facts, { main, answers, isElsewhere }, group)),
    ]
    return verdicts.length > 0 ? verdicts : ok(summarize(hooks, answers))
  },
}

/** A folder of the worktree itself, as husky's is. */
function isInside({ root, directory }: InstalledHook): boolean {
  return isWithin(root, directory) && root !== directory
}

function groupBy(hooks: readonly InstalledHook[], key: (hook: InstalledHook) => string): InstalledHook[][] {
  return [...new Set(hooks.map(key))].map((value) => hooks.filter((hook) => key(hook) === value))
}

function describeElsewhere(hooks: readonly InstalledHook[]): Verdict {
  return fail(
    `git takes its hooks for ${nameRoots(hooks)} from ${hooks[0]?.directory}, which has none of ours`,
    'flightrules doctor --fix',
  )
}

function nameRoots(hooks: readonly InstalledHook[]): string {
  const roots = [...new Set(hooks.map(({ root }) => root))]
  return roots.length === 1 ? (roots[0] ?? '') : `${roots.length} worktrees`
}

/** Why git does not get to our part; undefined where it does, or where running the hook would run what is not ours. */
function explainSilence(hook: InstalledHook, answers: Answers): string | undefined {
  const answer = answers.get(hook)
  if (answer?.kind === 'fired') return undefined
  if (answer?.kind === 'silent')
    return answer.said === '' ? 'it ran and did not answer' : `it ran and did not answer, but: ${answer.said}`
  switch (hook.state) {
    case 'no-directory':
      return `${relative(hook.root, hook.directory)} is missing there`
    case 'no-file':
      return `there is none in ${hook.directory}`
    case 'no-script':
      return `${relative(hook.root, hook.source)} is missing in what is checked out there`
    case 'not-executable':
      return `${hook.file} is not executable`
    case 'foreign':
      return `${hook.source} has no part of Flight Rules`
    case 'first':
    case 'behind':
    case 'handed-on':
      return undefined
  }
}

interface Surroundings {
  readonly main: string | null
  readonly answers: Answers
  /** No hook of ours is where git looks, but there are some elsewhere. */
  readonly isElsewhere: boolean
}

function describeSilence(facts: Facts, { main, answers, isElsewhere }: Surroundings, hooks: readonly InstalledHook[]): Verdict {
  const [first] = hooks
  if (first === undefined) return ok('')
  const names = [...new Set(hooks.map(({ name }) => name))].join(', ')
  const message = `git runs no ${names} of Flight Rules in ${nameRoots(hooks)}: ${explainSilence(first, answers) ?? ''}`
  const isHusky = basename(first.directory) === '_' && isInside(first)
  if (first.state === 'no-directory' && isHusky && main !== null) {
    const value = relative(first.root, first.directory)
    if (first.isMain) return fail(message, 'flightrules hook install', switchHuskyOn(facts, main, value))
    return fail(message, 'flightrules doctor --fix', putFolderBack(facts, main, first))
  }
  // what is checked out there is older than the hooks, or is another project's
  if (!first.isMain && (first.state === 'no-script' || first.state === 'foreign') && isWithin(first.root, first.source)) {
    return warn(message, 'merge the branch that has the hook files into the one checked out there')
  }
  return fail(message, isElsewhere || first.state === 'not-executable' ? 'flightrules doctor --fix' : 'flightrules init')
}

function putFolderBack({ git }: Facts, main: string, { root, directory }: InstalledHook): Repair {
  return {
    step: {
      kind: 'heal-hooks',
      from: `${main}/${relative(root, directory)}`,
      to: directory,
      undo: `mv ${quoteForShell(directory)} ${quoteForShell(`${directory}.away`)}`,
    },
    async apply() {
      const { healed, findings } = await healHooks({ git, main, worktree: root })
      if (healed) return `${directory} was missing; it was copied from ${main}`
      const [finding] = findings
      if (finding !== undefined) throw new Error(finding.message)
      return `${directory} was there by now`
    },
  }
}

function summarize(hooks: readonly InstalledHook[], answers: Answers): string {
  const worktrees = new Set(hooks.map(({ root }) => root)).size
  const fired = [...answers.values()].filter(({ kind }) => kind === 'fired').length
  const where = worktrees === 1 ? 'in the one worktree' : `in ${worktrees} worktrees`
  if (fired === hooks.length) return `post-checkout, pre-push and post-merge fire ${where}`
  const other = hooks.find((hook) => !answers.has(hook))
  const why = other === undefined ? '' : `: ${explainReading(other)}`
  return `our three hooks are in place ${where}; ${fired} were fired, ${hooks.length - fired} were only read${why}`
}

/** Why a hook was not run. */
function explainReading({ state, source, file }: InstalledHook): string {
  if (state === 'first') return `${source} is of another version`
  return `${state === 'behind' ? source : file} runs more than ours`
}
