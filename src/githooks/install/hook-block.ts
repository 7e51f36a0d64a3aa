import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** git's hooks that Flight Rules has a part in. */
export const hookNames = ['post-checkout', 'pre-push', 'post-merge'] as const
export type HookName = (typeof hookNames)[number]

const opening = '# >>> flightrules >>>'
const closing = '# <<< flightrules <<<'

/** What the shims know of the repository; both relative to a worktree's root, with slashes. */
export interface BlockSettings {
  /** husky's folder, '' where husky does not run the hooks. */
  readonly husky: string
  /** The folder whose node_modules holds flightrules, '' for the root. */
  readonly package: string
}

/** The marked block of one hook, from the shim this package ships. */
export async function loadHookBlock(packageRoot: string, name: HookName, settings: BlockSettings): Promise<string> {
  const shim = await readFile(join(packageRoot, 'hooks', name), 'utf8')
  const place = findBlock(shim)
  if (place === undefined) throw new Error(`${join(packageRoot, 'hooks', name)} has no marked block`)
  return shim
    .slice(place.start, place.end)
    .replace(/^flightrules_husky=$/m, () => `flightrules_husky=${quoteForShell(settings.husky)}`)
    .replace(/^flightrules_package=$/m, () => `flightrules_package=${quoteForShell(settings.package)}`)
}

/** Where our block is in a text, line ends included; undefined when there is none. */
export function findBlock(text: string): { readonly start: number; readonly end: number } | undefined {
  const lines = new RegExp(`^[ \\t]*${opening}[\\s\\S]*?^[ \\t]*${closing}[ \\t]*(?:\\r?\\n|$)`, 'm')
  const match = lines.exec(text)
  return match === null ? undefined : { start: match.index, end: match.index + match[0].length }
}

/** Puts a block into a shell script before anything of it runs, or in the place of the block that is there. */
export function insertBlock(text: string, block: string): string {
  const place = findBlock(text)
  if (place !== undefined) return text.slice(0, place.start) + block + text.slice(place.end)
  const header = /^(?:#!.*(?:\n|$))?(?:(?:#.*\n)+(?=\s*\n))?/.exec(text)?.[0] ?? ''
  const gap = header === '' || header.endsWith('\n') ? '' : '\n'
  return header + gap + block + text.slice(header.length)
}

/** The text without our block. */
export function removeBlock(text: string): string {
  const place = findBlock(text)
  return place === undefined ? text : text.slice(0, place.start) + text.slice(place.end)
}

function quoteForShell(value: string): string {
  return /^[\w./@-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}
