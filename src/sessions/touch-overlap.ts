import type { Finding } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import { namePaths } from '../files/quote-path.ts'
import { findShared, isMeant } from './touch.ts'

/** A session with what it changes and what it was said to be going to. */
export interface Intent {
  readonly id: string
  /** Declared globs. */
  readonly touch: readonly string[]
  /** Paths it changes, committed or not. */
  readonly touched: readonly string[]
}

const mostNamed = 5

/**
 * Who is at what a session was said to touch: others who change such files, but for those in `known`, which are told otherwise; and with
 * `files`, all there are, also those who were said to touch some of the same.
 */
export function findTouchOverlap(
  { id, touch }: Pick<Intent, 'id' | 'touch'>,
  others: readonly Intent[],
  options: { readonly known?: (other: string) => readonly string[]; readonly files?: readonly string[] } = {},
): Finding[] {
  const found = others.flatMap((other) => {
    const known = new Set(options.known?.(other.id))
    const changed = [...new Set(other.touched)].filter((path) => !known.has(path) && isMeant(touch, path)).toSorted()
    const declared = options.files === undefined ? [] : findShared(touch, other.touch, options.files)
    return changed.length + declared.length === 0 ? [] : [{ id: other.id, paths: changed, globs: declared }]
  })
  if (found.length === 0) return []
  const named = found.slice(0, mostNamed).map(({ id: other, paths, globs }) => {
    const said = paths.length === 0 ? [] : [`changes ${namePaths(paths, 3)}`]
    return `${other} ${[...said, ...(globs.length === 0 ? [] : [`is to touch ${nameShared(globs)} too`])].join(' and ')}`
  })
  const [path] = found.flatMap(({ paths }) => paths)
  const rest = found.length - named.length
  return [
    {
      code: 'TOUCH_OVERLAP',
      message: `others are at what ${id} is to touch: ${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`,
      hint: `flightrules radar ${id}${path === undefined ? '' : ` --file ${quoteForShell(path)}`}`,
      details: { id, sessions: found },
    },
  ]
}

/** The globs are those of the session that asks; the other one may mean less. */
function nameShared(globs: readonly string[]): string {
  return `${globs.some((glob) => /[*?[{]/.test(glob)) ? 'some of ' : ''}${namePaths(globs, 3)}`
}
