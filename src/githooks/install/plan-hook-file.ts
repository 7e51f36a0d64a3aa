import { basename } from 'node:path'
import { findBlock, insertBlock } from './hook-block.ts'
import type { InitStep, Kept } from './init-plan.ts'
import { type PresentFile, readPresent } from '../../files/read-text.ts'

export const asideSuffix = '.flightrules-original'

const added = 'our part of the hook'

/**
 * A hook that git starts itself: a new file, or our block in a shell script, or, where the hook is something else
 * (another language, a link, switched off by its mode), a script of ours that hands over to it.
 */
export async function planHookFile(file: string, block: string): Promise<{ steps: InitStep[]; kept: Kept[] }> {
  const present = await readPresent(file)
  if (present === undefined) return write(null, `#!/bin/sh\n${block}`, 'the hook')
  if (present !== 'other' && present.text !== undefined && findBlock(present.text) !== undefined) {
    return write(present, insertBlock(present.text, block), 'our part of the hook, brought up to date')
  }
  if (present !== 'other' && present.text !== undefined && isShellScript(present.text) && (present.mode & 0o100) !== 0) {
    return write(present, insertBlock(present.text, block), `${added}; what was there runs after it`)
  }
  const aside = `${file}${asideSuffix}`
  if ((await readPresent(aside)) !== undefined) {
    return { steps: [], kept: [{ path: file, why: `it would have to move to ${basename(aside)}, and there is one already` }] }
  }
  const handOver = `original="$0${asideSuffix}"\n[ ! -x "$original" ] || exec "$original" "$@"\n`
  const moved = `no shell script that runs: moved aside, and run from there after ours`
  return {
    steps: [
      { kind: 'move', file, to: aside, why: moved },
      ...write(null, `#!/bin/sh\n${block}${handOver}`, 'the hook, which hands over to the one moved aside').steps,
    ],
    kept: [],
  }

  function write(before: PresentFile | null, text: string, why: string): { steps: InitStep[]; kept: Kept[] } {
    const after = Buffer.from(text)
    if (before !== null && after.equals(before.bytes)) return { steps: [], kept: [] }
    return { steps: [{ kind: 'write', file, before: before?.bytes ?? null, after, mode: before?.mode ?? 0o755, why }], kept: [] }
  }
}

/** A script a manager hands to `sh` itself, whatever its first line and mode are. */
export async function planSourcedFile(
  file: string,
  block: string,
  heading = '',
  mode = 0o644,
): Promise<{ steps: InitStep[]; kept: Kept[] }> {
  const present = await readPresent(file)
  if (present === 'other' || (present !== undefined && present.text === undefined)) {
    return { steps: [], kept: [{ path: file, why: 'it is no text file, so our part cannot be put into it' }] }
  }
  const before = present?.text
  const after = Buffer.from(before === undefined || before === '' ? heading + block : insertBlock(before, block))
  if (present !== undefined && after.equals(present.bytes)) return { steps: [], kept: [] }
  const why =
    before === undefined
      ? 'the hook'
      : findBlock(before) === undefined
        ? `${added}; what was there runs after it`
        : 'our part of the hook, brought up to date'
  return { steps: [{ kind: 'write', file, before: present?.bytes ?? null, after, mode: present?.mode ?? mode, why }], kept: [] }
}

/** A script without a first line saying otherwise is run by sh. */
function isShellScript(text: string): boolean {
  const first = /^#!(.*)/.exec(text)?.[1]
  if (first === undefined) return true
  return /^\s*(?:\S*\/)?(?:env\s+(?:-S\s+)?(?:\S*\/)?|busybox\s+)?(?:sh|bash|dash|ash|ksh)(?:\s|$)/.test(first)
}
