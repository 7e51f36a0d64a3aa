import { isAbsolute, resolve } from 'node:path'
import { findRepositoryLocation } from '../../../git/locate-repository.ts'
import { parseScript } from '../parse.ts'
import { findLiteral, type Word } from '../script.ts'
import type { Run } from '../walk.ts'

/** A git command line behind git's own options. */
export interface GitCommand {
  /** undefined where it is not known. */
  readonly verb: string | undefined
  readonly args: readonly Word[]
  /** Those of `args` that are known, others undefined. */
  readonly texts: readonly (string | undefined)[]
  /** Absolute directory git works in, null where that is not known. */
  readonly cwd: string | null
  /** Absolute directory whose files git works on, null where that is not known. */
  readonly place: string | null
  /** `-c name=value` and what it is for. */
  readonly settings: readonly string[]
}

/** undefined where something else is run. */
export function findGitCommand({ name, args, cwd: start, env }: Run): GitCommand | undefined {
  if (name !== 'git') return undefined
  let cwd = env.has('GIT_DIR') || env.has('GIT_WORK_TREE') ? null : start
  let place = start
  let workTree: Word | undefined = toWord(env.get('GIT_WORK_TREE'))
  const settings: string[] = []
  let index = 0
  for (; index < args.length; index += 1) {
    const text = findLiteral(args[index] ?? [])
    if (text === undefined || !text.startsWith('-')) break
    if (text === '-C') {
      const target = findLiteral(args[(index += 1)] ?? [])
      if (target === undefined) cwd = null
      else if (target !== '') cwd = enter(cwd, target)
      place = target === undefined ? null : enter(place, target)
    } else if (text === '-c' || text === '--config-env') settings.push(findLiteral(args[(index += 1)] ?? []) ?? '')
    else if (text.startsWith('--config-env=')) settings.push(text.slice('--config-env='.length))
    else if (/^--(?:git-dir|work-tree|namespace|exec-path|super-prefix|attr-source)$/.test(text)) {
      index += 1
      if (text === '--work-tree') workTree = args[index]
      if (/dir|tree/.test(text)) cwd = null
    } else if (/^--(?:git-dir|work-tree)=/.test(text)) {
      if (text.startsWith('--work-tree=')) workTree = toWord(text.slice('--work-tree='.length))
      cwd = null
    }
  }
  if (workTree !== undefined) place = enter(place, findLiteral(workTree))
  const command = { args: args.slice(index + 1), cwd, place, settings }
  const verb = findLiteral(args[index] ?? [{ kind: 'unknown' }])
  const { args: rest, ...aliased } = followAlias(verb, command.args, settings)
  return { ...command, ...aliased, args: rest, texts: rest.map(findLiteral) }
}

/** A verb the command line itself gives a meaning: `-c alias.p='push --force' p`. */
function followAlias(
  verb: string | undefined,
  args: readonly Word[],
  settings: readonly string[],
): { readonly verb: string | undefined; readonly args: readonly Word[] } {
  const name = `alias.${verb ?? ''}=`.toLowerCase()
  const alias = settings.findLast((setting) => setting.toLowerCase().startsWith(name))?.slice(name.length)
  if (alias === undefined) return { verb, args }
  const [step] = parseScript(alias.replace(/^!\s*git\s/, ''))
  const words = step?.kind === 'command' ? step.command.words : []
  return { verb: findLiteral(words[0] ?? [{ kind: 'unknown' }]), args: [...words.slice(1), ...args] }
}

function enter(start: string | null, target: string | undefined): string | null {
  if (target === undefined) return null
  return isAbsolute(target) ? resolve(target) : start === null ? null : resolve(start, target)
}

function toWord(text: string | null | undefined): Word | undefined {
  return text === undefined ? undefined : [text === null ? { kind: 'unknown' } : { kind: 'text', text }]
}

/** Whether git would work in the repository with this common directory; `maybe` where it is not known in which. */
export async function isInRepository({ cwd }: Pick<GitCommand, 'cwd'>, commonDir: string): Promise<'yes' | 'no' | 'maybe'> {
  if (cwd === null) return 'maybe'
  const location = await findRepositoryLocation(cwd).catch(() => undefined)
  return location?.commonDir === commonDir ? 'yes' : 'no'
}
