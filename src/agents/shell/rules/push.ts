import { findLiteral } from '../script.ts'
import type { Run } from '../walk.ts'
import { findGitCommand, type GitCommand, isInRepository } from './git-command.ts'
import { deny, type Rule, type Verdict, warn } from './rule.ts'

/** Verbs whose own `--no-verify` is about other hooks. */
const otherVerbs = new Set(['commit', 'merge', 'pull', 'rebase', 'am', 'cherry-pick', 'revert', 'fetch'])

const why = 'it is what keeps a session from being pushed in halves'
const instead = 'Commit first, then push as usual; if it still has to be, the person does it.'

interface Way {
  readonly name: string
  /** Whether it does leave the check out, or only where a certain program runs the hooks. */
  readonly certain: boolean
}

/** A push goes by the check of git's pre-push hook. */
export const guardPush: Rule = async (run, { commonDir }) => {
  const git = findGitCommand(run)
  if (git === undefined) return judgeUnknown(run)
  if (otherVerbs.has(git.verb ?? '')) return []
  if (git.verb === 'config') return judgeConfig(git)
  const way = findWayAround(run, git)
  if (way === undefined) return []
  const where = await isInRepository(git, commonDir)
  if (where === 'no') return []
  // an alias may be a push
  if (git.verb !== 'push') return way.name === '--no-verify' ? [warn(perhaps)] : []
  const reason = `${way.name} leaves the check before a push out, and ${why}. ${instead}`
  return [where === 'yes' && way.certain ? deny(`push refused: ${reason}`) : warn(reason)]
}

/** A program that is not known until it runs, as `$GIT` is. */
function judgeUnknown({ name, args }: Run): Verdict[] {
  const texts = args.map(findLiteral)
  return name === undefined && texts.includes('push') && isUnverified(texts) ? [warn(perhaps)] : []
}

const perhaps = `if this pushes, it leaves the check before a push out, and ${why}.`

/** What switches the check off for the pushes that follow. */
function judgeConfig({ texts }: GitCommand): Verdict[] {
  const at = texts.findIndex((text) => text !== undefined && /^(?:core\.hookspath|alias\..+)$/i.test(text))
  const value = at === -1 ? undefined : texts[at + 1]
  const isWay = value === '/dev/null' || (/^alias/i.test(texts[at] ?? '') && /--no-veri/.test(value ?? ''))
  return isWay ? [warn(`with that setting a push leaves its check out, and ${why}.`)] : []
}

function findWayAround({ env }: Run, { texts, settings }: GitCommand): Way | undefined {
  if (isUnverified(texts)) return { name: '--no-verify', certain: true }
  const given = [...env].flatMap(([name, value]) => (/^GIT_CONFIG_(?:KEY_\d+|PARAMETERS)$/.test(name) ? [value ?? ''] : []))
  if (settings.some((setting) => /^core\.hookspath(?:=|$)/i.test(setting)) || given.some((text) => /core\.hookspath/i.test(text)))
    return { name: 'core.hooksPath', certain: true }
  if (env.get('FLIGHTRULES') === '0') return { name: 'FLIGHTRULES=0', certain: true }
  const skipped = env.get('FLIGHTRULES_SKIP')?.split(/[,\s]+/) ?? []
  if (skipped.includes('pre-push')) return { name: 'FLIGHTRULES_SKIP', certain: true }
  const manager = ['HUSKY', 'LEFTHOOK'].find((name) => env.get(name) === '0')
  return manager === undefined ? undefined : { name: `${manager}=0`, certain: false }
}

/** Whether the last word about it is no. git takes any beginning of an option that fits only one. */
function isUnverified(texts: GitCommand['texts']): boolean {
  const end = texts.indexOf('--')
  const options = (end === -1 ? texts : texts.slice(0, end)).filter(
    (_text, index) => !/^(?:-o|--push-option|--repo|--receive-pack|--exec)$/.test(texts[index - 1] ?? ''),
  )
  const last = options.findLast((text) => text !== undefined && /^--(?:no-)?veri(?:f|fy)?$/.test(text))
  return last?.startsWith('--no-') === true
}
