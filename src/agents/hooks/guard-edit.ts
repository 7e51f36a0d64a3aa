import { join, relative, resolve, sep } from 'node:path'
import { quotePath } from '../../files/quote-path.ts'
import { resolveExisting } from '../../files/real-path.ts'
import { mapSideBySide } from '../../files/side-by-side.ts'
import { type AgentAnswer, type AgentCall, denyTool, nothingToSay, tellAgent } from './agent-call.ts'
import { areAlike, readMark } from './compare-copies.ts'
import { findGround, type Ground, listGrounds } from '../../sessions/grounds.ts'
import type { Place } from './place.ts'
import { loadSaid } from './said.ts'

/**
 * A file the agent is about to write. One in another's place of work is refused. One that other sessions have otherwise than this one is
 * asked about, once for each state of it over there; where all have the same, which is nearly always, it costs no git process.
 */
export async function guardEdit(call: AgentCall, place: Place, typed: string): Promise<AgentAnswer> {
  const { commonDir, worktree } = place.location
  const path = resolve(place.cwd, typed)
  // what is written through a link is written where it leads
  const real = await resolveExisting(path)
  const grounds = await listGrounds(commonDir)
  const target = findGround(grounds, commonDir, real)
  if (target === undefined) return nothingToSay
  if (place.session !== null && target.path !== worktree && (target.main || target.session !== null))
    return denyTool(refuseForeign(target, real))
  const inside = relative(target.path, real)
  const said = await loadSaid(commonDir, call)
  const others = grounds.filter(({ path: root, session }) => session !== null && root !== target.path)
  const differing = await mapSideBySide(others, async (ground) => {
    const copy = join(ground.path, inside)
    const about = `edit ${ground.session?.uuid ?? ''} ${inside}`
    const mark = await readMark(copy)
    // whose folder is gone has changed nothing
    if (mark === '-' && (await readMark(ground.path)) === '-') return undefined
    if (said.has(about, mark) || (await areAlike(real, copy))) return undefined
    return { ground, about, mark }
  })
  const asked = differing.filter((one) => one !== undefined)
  if (asked.length === 0) return nothingToSay
  const { findOverlap } = await import('./find-overlap.ts')
  const overlap = await findOverlap(call, {
    target,
    path: inside.split(sep).join('/'),
    ids: asked.map(({ ground }) => ground.session?.id ?? ''),
  })
  // who is stopped is stopped each time
  const isDenied = overlap?.policy === 'deny'
  for (const { about, mark } of isDenied ? [] : asked) said.note(about, mark)
  await said.store()
  if (overlap === undefined) return nothingToSay
  return isDenied ? denyTool(overlap.words) : tellAgent('PreToolUse', overlap.words)
}

function refuseForeign({ path, session, main }: Ground, file: string): string {
  const whose = session === null || main ? `the main directory, ${quotePath(path)}` : `session ${session.id}, ${quotePath(path)}`
  return `Flight Rules: ${quotePath(file)} is in ${whose}, another place of work than yours; nothing is written there from here. Make the change in your own worktree, or tell the person.`
}
