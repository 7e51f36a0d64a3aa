import type { Session } from '../session.ts'

/** The bases of these sessions; one that is a session's branch comes before that session's own. */
export function sortBases(sessions: readonly Pick<Session, 'base' | 'branch'>[]): string[] {
  const baseOf = new Map(sessions.flatMap(({ base, branch }) => (branch === null ? [] : [[branch, base] as const])))
  const depthOf = (base: string): number => {
    const passed = new Set<string>()
    for (let at: string | undefined = base; at !== undefined && !passed.has(at); at = baseOf.get(at)) passed.add(at)
    return passed.size
  }
  return [...new Set(sessions.map(({ base }) => base))].toSorted((a, b) => depthOf(b) - depthOf(a))
}
