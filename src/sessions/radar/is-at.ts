/** Whether a path is this one or in it; '' is the root of the worktree. */
export function isAt(path: string, candidate: string): boolean {
  return path === '' || candidate === path || candidate.startsWith(`${path}/`)
}
