import { join } from 'node:path'
import { isThere } from '../view.ts'
import { git, ours, type Place, type Walker } from './walker.ts'
import { havoc, work } from './work.ts'

type Step = (walker: Walker) => Promise<void>

const strategies = [
  ['merge', '--merge', 'merge'],
  ['merge', '--merge', 'squash'],
  ['merge', '--merge', 'rebase'],
  ['merge', '--commit', 'the rest'],
  ['keep'],
  ['abandon'],
] as const

/** What people and agents do with sessions. */
const steps: Readonly<Record<string, Step>> = {
  async start(walker) {
    const id = `${walker.name}-${walker.count}`
    await ours(walker, ['start', id, '--proceed'])
    const path = walker.world.project.session(id)
    // killed half-way it may be there all the same once the next command ran
    await ours(walker, ['status'])
    if (await isThere(path)) walker.places.push(newPlace(path, id, `session/${id}`))
  },
  async 'worktree add'(walker) {
    const name = `${walker.name}-plain-${walker.count}`
    const path = join(walker.world.project.parent, name)
    const { status } = await git(walker, walker.world.project.path, 'worktree', 'add', '--quiet', '-b', name, path)
    if (status === 0) walker.places.push(newPlace(path, null, name))
  },
  async end(walker) {
    const place = pickPlace(walker)
    if (place?.id === null || place === undefined) return
    await ours(walker, ['end', place.id, '--strategy', ...walker.random.pick(strategies)])
    await dropGone(walker)
  },
  async 'end from inside'(walker) {
    const place = pickPlace(walker)
    if (place === undefined || !(await isThere(place.path))) return
    await ours(walker, ['end', '--strategy', ...walker.random.pick(strategies)], place.path)
    await dropGone(walker)
  },
  async 'git merge'(walker) {
    const place = pickPlace(walker)
    if (place === undefined) return
    await git(walker, walker.world.project.path, 'merge', '--quiet', '--no-edit', place.branch)
    await git(walker, walker.world.project.path, 'merge', '--abort')
    await dropGone(walker)
  },
  async setup(walker) {
    const id = pickPlace(walker)?.id ?? null
    if (id !== null) await ours(walker, ['setup', id])
  },
  async status(walker) {
    await ours(walker, ['status'])
  },
}

/** Commands of ours that are not about one session. Added as they exist. */
const general: readonly (readonly string[])[] = [['cleanup'], ['undo', '--yes'], ['restore', '--list'], ['trash', '--purge']]

/** One step of one walker; which one, and on what, its random numbers say. */
export async function walk(walker: Walker, known: ReadonlySet<string>): Promise<void> {
  walker.count += 1
  const { random } = walker
  const place = pickPlace(walker)
  const dice = random.next()
  if (place === undefined || dice < 0.15) return steps['start']?.(walker)
  if (dice < 0.5) return random.pick(Object.values(work))(walker, place)
  if (dice < 0.62) return random.pick(Object.values(havoc))(walker, place)
  const commands = general.filter(([name = '']) => known.has(name))
  if (dice < 0.72 && commands.length > 0) return void (await ours(walker, random.pick(commands)))
  return random.pick(Object.values(steps))(walker)
}

function pickPlace({ random, places }: Walker): Place | undefined {
  return places.length === 0 ? undefined : random.pick(places)
}

/** Nobody works in a folder that is not there any more. */
async function dropGone(walker: Walker): Promise<void> {
  for (const place of walker.places.toReversed()) {
    if (!(await isThere(place.path))) walker.places.splice(walker.places.indexOf(place), 1)
  }
}

function newPlace(path: string, id: string | null, branch: string): Place {
  return { path, id, branch, written: new Map(), ignored: new Set(), detached: false }
}
