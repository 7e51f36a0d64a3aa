import { findGround, type Ground } from '../../../sessions/grounds.ts'
import { findLiteral, type Word } from '../script.ts'
import { quotePath } from '../../../files/quote-path.ts'
import { findRoots } from '../search.ts'
import { isBelow, type PathPattern, toPathPattern } from '../path-pattern.ts'
import type { Run } from '../walk.ts'
import { findGitCommand, type GitCommand } from './git-command.ts'
import { deny, type Rule, type Surroundings, type Verdict, warn } from './rule.ts'

/** From inside a session nothing is changed in another's worktree, nor in the main directory. */
export const guardOthers: Rule = async (run, surroundings) => {
  if (surroundings.own === null) return []
  const git = findGitCommand(run)
  if (git !== undefined) return judgeGit(git, surroundings)
  for (const word of listWritten(run)) {
    const owner = findOwner(await toPathPattern(word, run.cwd), surroundings)
    if (owner !== undefined) return [refuse(owner)]
  }
  return judgePlace(run, surroundings)
}

function refuse(owner: Ground): Verdict {
  const whose =
    owner.session === null || owner.main
      ? `${quotePath(owner.path)} is the main directory`
      : `${quotePath(owner.path)} is session ${owner.session.id}`
  return deny(
    `${whose}, another place of work than yours; nothing is written there from here. Make the change in your own worktree, or tell the person.`,
  )
}

/** Sessions and the main directory; a worktree that is nobody's is no matter of ours. */
function findOwner(pattern: PathPattern, { grounds, own, commonDir }: Surroundings): Ground | undefined {
  if (isBelow(pattern, commonDir) === 'yes') return undefined
  const found = grounds.filter((ground) => isBelow(pattern, ground.path) === 'yes')
  const [owner] = found.toSorted((a, b) => b.path.length - a.path.length)
  return owner !== undefined && owner.path !== own?.path && (owner.main || owner.session !== null) ? owner : undefined
}

const changing = new Set(
  'add am apply checkout cherry-pick clean commit merge mv pull rebase reset restore revert rm stash switch'.split(' '),
)

function judgeGit({ verb, place, texts }: GitCommand, surroundings: Surroundings): Verdict[] {
  const owner = place === null ? undefined : findGroundOf(place, surroundings)
  if (owner === undefined || !changing.has(verb ?? '') || isLook(verb, texts)) return []
  if (!owner.main) return [refuse(owner)]
  return [
    warn(
      `git ${verb} in ${quotePath(owner.path)} changes the main directory from inside your session; flightrules end merges without touching anybody's files.`,
    ),
  ]
}

/** Of verbs that change something, the forms that only tell what would be. */
function isLook(verb: string | undefined, texts: GitCommand['texts']): boolean {
  if (verb === 'stash') return texts[0] === 'list' || texts[0] === 'show'
  if (verb === 'apply')
    return texts.some((text) => /^--(?:check|stat|numstat|summary)$/.test(text ?? '')) && !texts.includes('--apply')
  if (texts.includes('--dry-run') || texts.includes('-h') || texts.includes('--help')) return true
  return (
    (verb === 'add' || verb === 'clean' || verb === 'rm' || verb === 'mv') &&
    texts.some((text) => /^-[a-zA-Z]*n[a-zA-Z]*$/.test(text ?? ''))
  )
}

function findGroundOf(cwd: string, { grounds, own, commonDir }: Surroundings): Ground | undefined {
  const owner = findGround(grounds, commonDir, cwd)
  return owner !== undefined && owner.path !== own?.path && (owner.main || owner.session !== null) ? owner : undefined
}

/** What only looks, and what is looked after above. */
const looking = new Set(
  'cd pushd popd ls pwd cat bat head tail less more grep rg ag fd find wc diff cmp stat file tree du echo printf test [ [[ true false which type sort uniq cut awk jq basename dirname realpath readlink export flightrules fr exit set source . : read sleep date'.split(
    ' ',
  ),
)

/** A program that is run in another session's worktree may write there. */
function judgePlace({ name, cwd }: Run, surroundings: Surroundings): Verdict[] {
  if (name === undefined || cwd === null || looking.has(name)) return []
  const owner = findGroundOf(cwd, surroundings)
  if (owner === undefined || owner.main) return []
  return [
    warn(`${name} runs in ${quotePath(owner.path)}, the worktree of session ${owner.session?.id ?? ''}: change nothing there.`),
  ]
}

/** Programs all of whose words are files they change. */
const changers = new Set(
  'rm rmdir unlink touch mkdir truncate shred tee chmod chown chgrp mv remove-item move-item new-item set-content add-content out-file'.split(
    ' ',
  ),
)
/** Programs that write to the last of their words. */
const copiers = new Set('cp install ln rsync copy-item copy'.split(' '))
/** Programs that change files with this option. */
const editors: Readonly<Record<string, RegExp>> = {
  sed: /^(?:-[a-zA-Z]*i.*|--in-place.*)$/,
  perl: /^-[a-zA-Z]*i.*$/,
  gsed: /^-[a-zA-Z]*i.*$/,
}

/** Programs that write where this option says. */
const outputs: Readonly<Record<string, RegExp>> = {
  curl: /^(?:-[a-zA-Z]*o|--output|--output-dir)$/,
  wget: /^(?:-[a-zA-Z]*[OP]|--output-document|--directory-prefix)$/,
  unzip: /^-d$/,
  patch: /^(?:-d|--directory|-o|--output)$/,
  tar: /^(?:-C|--directory)$/,
}

function isUnpacking(args: readonly Word[]): boolean {
  const [first, ...others] = args.map(findLiteral)
  return (
    /^-?[a-zA-Z]*x/.test(first ?? '') ||
    [first, ...others].some((text) => /^(?:--extract|--get|-[a-zA-Z]*x[a-zA-Z]*)$/.test(text ?? ''))
  )
}

function listWritten({ name, args, redirects }: Run): readonly Word[] {
  const written = redirects.flatMap(({ operator, target }) => (operator.includes('>') ? [target] : []))
  if (name === undefined) return written
  const isOption = (word: Word): boolean => /^-./.test(findLiteral(word) ?? '')
  const operands = args.filter((word) => !isOption(word))
  if (changers.has(name)) return [...written, ...operands]
  if (copiers.has(name)) return [...written, ...operands.slice(-1), ...findOptionWords(args, /^(?:-t|--target-directory)$/)]
  const option = outputs[name]
  if (option !== undefined && (name !== 'tar' || isUnpacking(args))) return [...written, ...findOptionWords(args, option)]
  if (name === 'find' && args.some((word) => findLiteral(word) === '-delete')) return [...written, ...findRoots(args)]
  if (name === 'dd') return [...written, ...args.flatMap((word) => stripPrefix(word, 'of='))]
  if (editors[name]?.test(args.map(findLiteral).find((text) => text !== undefined && editors[name]?.test(text)) ?? '') === true)
    return [...written, ...operands]
  return written
}

/** The word behind an option, and the one that is written with it. */
function findOptionWords(args: readonly Word[], option: RegExp): readonly Word[] {
  return args.flatMap((word, index) => {
    const [first] = word
    const long = first?.kind === 'text' ? /^(--[a-z-]+)=/.exec(first.text)?.[1] : undefined
    if (long !== undefined && option.test(long)) return stripPrefix(word, `${long}=`)
    return option.test(findLiteral(args[index - 1] ?? []) ?? '') ? [word] : []
  })
}

function stripPrefix(word: Word, prefix: string): Word[] {
  const [first, ...rest] = word
  if (first?.kind !== 'text' || !first.text.startsWith(prefix)) return []
  const begin = first.text.slice(prefix.length)
  return [begin === '' ? rest : [{ kind: 'text', text: begin }, ...rest]]
}
