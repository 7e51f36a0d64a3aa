import { basename, join } from 'node:path'
import { quotePath } from '../../../files/quote-path.ts'
import { findLiteral, type Word } from '../script.ts'
import { type Certainty, covers, findEmptied, isBelow, type PathPattern, toPathPattern } from '../path-pattern.ts'
import { findRoots, findSought, type Found } from '../search.ts'
import { isWithin } from '../../../sessions/find-session.ts'
import type { Run } from '../walk.ts'
import { deny, type Rule, type Surroundings, type Verdict, warn } from './rule.ts'

/** Sessions, what was put away, and the repository itself are not deleted with everything in them. */
export const guardDeletion: Rule = async (run, surroundings) => {
  const deletion = findDeletion(run)
  if (deletion === undefined) return []
  const kept = listKept(surroundings)
  const verdicts: Verdict[] = []
  for (const word of deletion.targets) {
    const pattern = await toPathPattern(word, run.cwd)
    if (pattern.open && pattern.segments.length === 0) {
      verdicts.push(...warnOfAnything(surroundings))
      continue
    }
    if (isAtHome(deletion.found, pattern, kept, surroundings)) continue
    for (const one of kept) {
      // what is in one's own place is one's own
      const isOwn = surroundings.own !== null && isWithin(surroundings.own.path, one.path)
      const certainty = isOwn && deletion.found !== null ? 'no' : judge(pattern, one, isOwn)
      if (certainty === 'no') continue
      if (certainty === 'yes' && deletion.found === null) return [deny(`not deleted: ${one.what}`)]
      verdicts.push(warn(`make sure that this spares ${one.what}`))
      break
    }
  }
  if (deletion.more && verdicts.length === 0) verdicts.push(...warnOfAnything(surroundings))
  return verdicts.slice(0, 1)
}

function judge(pattern: PathPattern, { path, below }: Kept, isOwn: boolean): Certainty {
  if (below && isBelow(pattern, path) === 'yes') return 'yes'
  const whole = covers(pattern, path)
  const emptied = isOwn || whole !== 'no' ? undefined : findEmptied(pattern)
  return emptied === undefined ? whole : covers(emptied, path)
}

/** A search in the place one is in, for names that are nobody's place of work. */
function isAtHome(found: Found | null, pattern: PathPattern, kept: readonly Kept[], { own, grounds }: Surroundings): boolean {
  const home = own?.path ?? grounds.find(({ main }) => main)?.path
  if (found === null || found === 'anything' || home === undefined) return false
  return isBelow(pattern, home) === 'yes' && !kept.some(({ path }) => found.names.includes(basename(path)))
}

function warnOfAnything({ grounds }: Surroundings): Verdict[] {
  const hasSessions = grounds.some(({ session, main }) => session !== null && !main)
  return hasSessions ? [warn('make sure that this spares the sessions of this repository: flightrules status')] : []
}

interface Deletion {
  readonly targets: readonly Word[]
  /** What is searched for; null where all of the targets go. */
  readonly found: Found | null
  readonly more: boolean
}

const powershellNames = new Set(['remove-item', 'ri', 'del', 'erase', 'rd', 'rmdir', 'rm'])

function findDeletion({ name, args, more, found }: Run): Deletion | undefined {
  if (name === undefined) return undefined
  const texts = args.map(findLiteral)
  if (name === 'find' && texts.includes('-delete')) return { targets: findRoots(args), found: findSought(args), more: false }
  if (!powershellNames.has(name)) return undefined
  const end = texts.indexOf('--')
  const isOption = (index: number): boolean =>
    (end === -1 || index < end) && /^[-/]\S/.test(texts[index] ?? '') && isFlag(texts[index])
  const isRecursive = texts.some(
    (text, index) => isOption(index) && /^(?:-[a-zA-Z]*[rR][a-zA-Z]*|--rec\w*|-rec\w*|\/s)$/i.test(text ?? ''),
  )
  if (!isRecursive) return undefined
  const targets = args.filter((_word, index) => index !== end && !isOption(index))
  return { targets, found, more }
}

/** `/s` is an option of one shell, a folder of another. */
function isFlag(text: string | undefined): boolean {
  return text?.startsWith('-') === true || /^\/[sq]$/i.test(text ?? '')
}

interface Kept {
  readonly path: string
  readonly what: string
  /** What is in it is kept as well. */
  readonly below: boolean
}

function listKept({ grounds, trash, commonDir }: Surroundings): Kept[] {
  const sessions = grounds.flatMap(({ path, session, main }): Kept[] =>
    session === null || main
      ? []
      : [
          {
            path,
            what: `session ${session.id} (${quotePath(path)}), which may hold what nobody has committed. With everything kept: flightrules end ${session.id} --strategy abandon. Ask the person first.`,
            below: false,
          },
          {
            path: join(path, '.git'),
            what: `${quotePath(join(path, '.git'))}: without it git takes session ${session.id} for gone.`,
            below: false,
          },
        ],
  )
  const away = trash.map((path): Kept => {
    return {
      path,
      what: `${quotePath(path)}: what was removed is kept there; flightrules trash is in charge of it.`,
      below: true,
    }
  })
  const own = ['worktrees', 'flightrules'].map((name): Kept => {
    const path = join(commonDir, name)
    return { path, what: `${quotePath(path)}: without it the sessions of this repository are lost.`, below: true }
  })
  const repository = ['objects', 'refs', ''].map((name): Kept => {
    const path = join(commonDir, name)
    const what = `${quotePath(path)}: the repository itself, and all sessions with it.`
    return { path, what, below: name === 'objects' }
  })
  return [...sessions, ...away, ...own, ...repository]
}
