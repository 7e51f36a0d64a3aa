import { findLiteral, joinParts, type ScriptStep, type Word } from './script.ts'

/** Commands one `find` is followed into. */
const mostCommands = 10

/** Folders that are filled in one by one for what was found. */
const mostRoots = 20

/** What a search finds: whatever is there, or only what has one of certain names. */
export type Found = { readonly names: readonly string[] } | 'anything'

/** Where `find` looks. */
export function findRoots(args: readonly Word[]): readonly Word[] {
  const first = args.findIndex((word) => /^[-(!]/.test(findLiteral(word) ?? ''))
  const roots = first === -1 ? args : args.slice(0, first)
  return roots.length === 0 ? [[{ kind: 'text', text: '.' }]] : roots
}

/** What `find` is after. A name of wildcards alone is any, and so is one that is not to be had. */
export function findSought(args: readonly Word[]): Found {
  const texts = args.map(findLiteral)
  if (texts.includes('!') || texts.includes('-not') || texts.includes('-o') || texts.includes('-or')) return 'anything'
  if (texts.includes('-empty')) return { names: [] }
  const names = texts.flatMap((text, index) =>
    /^-(?:i?name|i?path|wholename|i?regex)$/.test(text ?? '') ? [texts[index + 1]] : [],
  )
  const known = names.filter((name) => name !== undefined && /\w/.test(name)) as string[]
  return names.length > 0 && known.length === names.length ? { names: known } : 'anything'
}

/** The commands of `find`, for whatever it finds in the folders it is given or below. */
export function listFound(
  args: readonly Word[],
): { readonly steps: ScriptStep[]; readonly shell: 'own'; readonly found: Found }[] {
  const texts = args.map(findLiteral)
  const roots = findRoots(args).slice(0, mostRoots)
  const found = findSought(args)
  const commands: { steps: ScriptStep[]; shell: 'own'; found: Found }[] = []
  for (let at = 0; at < texts.length && commands.length < mostCommands; at += 1) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(texts[at] ?? '')) continue
    const end = texts.findIndex((text, place) => place > at && (text === ';' || text === '+'))
    const words = args
      .slice(at + 1, end === -1 ? undefined : end)
      .flatMap((word) =>
        findLiteral(word) === '{}'
          ? roots.map((root) => joinParts([...root, { kind: 'text', text: '/' }, { kind: 'unknown' }]))
          : [word],
      )
    commands.push({
      steps: [{ kind: 'command', command: { assignments: [], words, redirects: [], input: null } }],
      shell: 'own',
      found,
    })
    at = end === -1 ? texts.length : end
  }
  return commands
}
