/** So many alternatives in braces are told apart; what is beyond is left out. */
const mostAlternatives = 256

/**
 * Whether a path with slashes is what the globs mean: it matches one of them and none that begins with `!`. `**` stands for any number
 * of folders, `*` and `?` stay in one, `[a-z]` and `{a,b}` are choices, a name that begins with a dot is like any other, and a slash at
 * the end means all that is in that folder. Takes no more than the lengths of path and glob multiplied, whatever is in either.
 */
export function matchesGlobs(globs: readonly string[], path: string): boolean {
  const names = path.split('/')
  const isIn = (glob: string): boolean => expandBraces(glob).some((plain) => matchesNames(splitGlob(plain), names))
  return (
    globs.some((glob) => !glob.startsWith('!') && isIn(glob)) && !globs.some((glob) => glob[0] === '!' && isIn(glob.slice(1)))
  )
}

function splitGlob(glob: string): string[] {
  const parts = glob.replace(/^(?:\.\/)+/, '').split('/')
  return parts.length > 1 && parts.at(-1) === '' ? [...parts.slice(0, -1), '**', '*'] : parts
}

/** The innermost choices first, so that those around them have only plain ones left. */
function expandBraces(glob: string): string[] {
  const done: string[] = []
  const open = [glob]
  for (let next = open.pop(); next !== undefined && done.length + open.length < mostAlternatives; next = open.pop()) {
    const choices = /\{([^{}]*,[^{}]*)\}/.exec(next)
    if (choices === null) done.push(next)
    else {
      const [before, after] = [next.slice(0, choices.index), next.slice(choices.index + choices[0].length)]
      open.push(...(choices[1] ?? '').split(',').map((choice) => `${before}${choice}${after}`))
    }
  }
  return done
}

/** Goes through the names with all the places in `parts` that may have been reached by then. */
function matchesNames(parts: readonly string[], names: readonly string[]): boolean {
  return walk(
    parts,
    names,
    (part) => part === '**',
    (part, name) => walk(splitName(part), [...name], (piece) => piece === '*', matchesLetter),
  )
}

function walk(
  pattern: readonly string[],
  values: readonly string[],
  isAny: (part: string) => boolean,
  matches: (part: string, value: string) => boolean,
): boolean {
  const pass = (places: Set<number>): Set<number> => {
    // a place that is added while we go is visited too
    for (const place of places) if (place < pattern.length && isAny(pattern[place] ?? '')) places.add(place + 1)
    return places
  }
  let reached = pass(new Set([0]))
  for (const value of values) {
    const next = new Set<number>()
    for (const place of reached) {
      const part = pattern[place]
      if (part === undefined) continue
      if (isAny(part)) next.add(place)
      else if (matches(part, value)) next.add(place + 1)
    }
    reached = pass(next)
  }
  return reached.has(pattern.length)
}

/** One piece for each letter a name may have, or `*`. */
function splitName(part: string): string[] {
  return part.match(/\\.|\[[!^]?.[^\]]*\]|./gsu) ?? []
}

function matchesLetter(piece: string, letter: string): boolean {
  if (piece === '?') return true
  if (piece.length > 1 && piece.startsWith('\\')) return piece.slice(1) === letter
  if (piece.length < 3 || !piece.startsWith('[')) return piece === letter
  const isNegated = piece.length > 3 && /^[!^]/.test(piece[1] ?? '')
  const ranges = [...piece.slice(isNegated ? 2 : 1, -1).matchAll(/(.)-(.)|(.)/gsu)]
  const isIn = ranges.some(([, from, to, one]) =>
    one === undefined ? letter >= (from ?? '') && letter <= (to ?? '') : one === letter,
  )
  return isIn !== isNegated
}
