import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere } from '../view.ts'
import { git, type Place, shell, type Walker } from './walker.ts'

/** What people and agents do in a worktree. */
export const work: Readonly<Record<string, (walker: Walker, place: Place) => Promise<void>>> = {
  write: (walker, place) => write(walker, place, `file-${walker.name}-${walker.count}.txt`),
  'write ignored': (walker, place) => write(walker, place, `scratch-${walker.count}.ignored`),
  'write deep': (walker, place) => write(walker, place, `deep/${walker.count}/a b.txt`),
  append: (walker, place) => write(walker, place, `notes-${walker.name}.txt`),
  stage: async (walker, place) => {
    if ((await git(walker, place.path, 'add', '--all')).status === 0) deepen(place, 'loose', 'staged')
  },
  commit: async (walker, place) => {
    if ((await git(walker, place.path, 'add', '--all')).status !== 0) return
    deepen(place, 'loose', 'staged')
    if ((await git(walker, place.path, 'commit', '--quiet', '-m', `work ${walker.count}`)).status !== 0) return
    if (!place.detached) deepen(place, 'staged', 'committed')
  },
  detach: async (walker, place) => {
    if ((await git(walker, place.path, 'switch', '--quiet', '--detach')).status === 0) place.detached = true
  },
  'switch branch': async (walker, place) => {
    const name = `side-${walker.name}-${walker.count}`
    if ((await git(walker, place.path, 'switch', '--quiet', '-c', name)).status !== 0) return
    place.detached = false
    deepen(place, 'staged', 'staged')
  },
}

/** Ignored files are never staged, so they stay loose however often everything else is committed. */
async function write(walker: Walker, place: Place, file: string): Promise<void> {
  const token = walker.tokens.make()
  const done = await shell(walker, place.path, 'mkdir -p "$(dirname "$1")" && echo "$2" >>"$1"', file, token)
  if (done.status === 0) place.written.set(token, 'loose')
  else walker.tokens.drop(token)
  if (file.endsWith('.ignored')) place.written.delete(token)
  if (done.status === 0 && file.endsWith('.ignored')) place.ignored.add(token)
}

function deepen(place: Place, from: string, to: 'staged' | 'committed'): void {
  for (const [token, depth] of place.written) if (depth === from) place.written.set(token, to)
}

/** What a person destroys on purpose, or by tools that do not ask; only what that really takes is given up. */
export const havoc: Readonly<Record<string, (walker: Walker, place: Place) => Promise<void>>> = {
  'rm -rf': async (walker, place) => {
    await shell(walker, walker.world.project.path, 'rm -rf "$1"', place.path)
    // what was staged is in git's own files of the worktree, which only a session's lock keeps from the next prune
    forget(walker, place, place.id === null ? 'staged' : 'loose')
  },
  'worktree remove --force twice': async (walker, place) => {
    if ((await git(walker, walker.world.project.path, 'worktree', 'remove', '--force', '--force', place.path)).status !== 0)
      return
    forget(walker, place, 'staged')
  },
  'worktree remove --force': async (walker, place) => {
    if ((await git(walker, walker.world.project.path, 'worktree', 'remove', '--force', place.path)).status !== 0) return
    forget(walker, place, 'staged')
  },
  'worktree remove': async (walker, place) => {
    if ((await git(walker, walker.world.project.path, 'worktree', 'remove', place.path)).status !== 0) return
    forget(walker, place, 'staged')
  },
  'worktree move': async (walker, place) => {
    const target = `${place.path}-moved`
    const { path } = walker.world.project
    if ((await git(walker, path, 'worktree', 'move', '--force', '--force', place.path, target)).status === 0) place.path = target
  },
  gc: async (walker) => void (await git(walker, walker.world.project.path, 'gc', '--quiet', '--prune=now')),
  prune: async (walker) => void (await git(walker, walker.world.project.path, 'worktree', 'prune', '--expire=now')),
  'tear the manifest': (walker) =>
    spoil(walker, '.manifest.json', ['{"version":1,', '', '[]', 'null', '{"version":1,"sessions":[{"id":"x","worktree":"/"}]}']),
}

/** The folder went with everything that was only in it. */
function forget(walker: Walker, place: Place, deepest: 'loose' | 'staged'): void {
  for (const token of place.ignored) walker.tokens.drop(token)
  for (const [token, depth] of place.written) {
    if (depth === 'loose' || (depth === 'staged' && deepest === 'staged')) walker.tokens.drop(token)
  }
  walker.places.splice(walker.places.indexOf(place), 1)
}

async function spoil(walker: Walker, name: string, contents: readonly string[]): Promise<void> {
  const file = join(`${walker.world.project.path}-sessions`, name)
  const content = walker.random.pick(contents)
  if (!(await isThere(file))) return
  await writeFile(file, content)
  walker.log.push(`${walker.name}: ${name} is now ${JSON.stringify(content)}`)
}
