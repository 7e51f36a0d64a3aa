import { join } from 'node:path'
import { listCommandPaths } from '../../agents/slash/plan-command-files.ts'
import { claudeSettingsFile } from '../../agents/settings/claude-settings.ts'
import type { Git } from '../../git/git.ts'
import { locateInfoFile } from '../../git/info-file.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import { cutOurs, isEditedCommand, isNothing } from './cut-ours.ts'
import { detectHooks } from './detect-hook-manager.ts'
import { type Project, detectProject } from './detect-project.ts'
import { hookNames } from './hook-block.ts'
import { fileFromMain, pathFromMain } from './init-log.ts'
import type { Kept } from './init-plan.ts'
import { type InitRecord, emptyInitRecord, loadInitRecord, sha256 } from './init-record.ts'
import { lefthookScript } from './lefthook-yaml.ts'
import { asideSuffix } from './plan-hook-file.ts'
import { readPresent } from '../../files/read-text.ts'
import { nameTogether } from './name-together.ts'
import { requireMainWorktree } from './require-main-worktree.ts'

/** `restore` puts the very bytes back, `cut` takes only our lines out of a file that changed since. */
export type RemovalStep =
  | {
      readonly kind: 'restore' | 'cut'
      readonly file: string
      readonly expected: Uint8Array
      readonly after: Uint8Array
      readonly mode: number | null
    }
  | { readonly kind: 'delete'; readonly file: string; readonly expected: Uint8Array }
  | { readonly kind: 'move-back'; readonly file: string; readonly to: string }

export interface RemovalPlan {
  readonly main: string
  readonly commonDir: string
  readonly steps: readonly RemovalStep[]
  /** Taken away where they are empty by then; innermost first. */
  readonly directories: readonly string[]
  /** undefined: git's setting is not ours to touch. */
  readonly hooksPath: string | null | undefined
  readonly kept: readonly Kept[]
}

/** What `init --remove` would do. Changes nothing. @throws as `planInit`. */
export async function planRemoval(input: { readonly git: Git }): Promise<RemovalPlan> {
  const { main, commonDir, isBare } = await requireMainWorktree(input.git)
  const git = input.git.at(main)
  const project = isBare ? null : await detectProject(main, input.git.cwd)
  const record = (await loadInitRecord(commonDir)) ?? emptyInitRecord
  const steps: RemovalStep[] = []
  const kept: Kept[] = []
  const known = new Set<string>()
  for (const entry of record.files) {
    const file = fileFromMain(main, entry.path)
    known.add(file)
    const present = await readPresent(file)
    if (present === undefined || present === 'other') continue
    if (sha256(present.bytes) === entry.sha256) {
      if (entry.before === null) steps.push({ kind: 'delete', file, expected: present.bytes })
      else
        steps.push({
          kind: 'restore',
          file,
          expected: present.bytes,
          after: Buffer.from(entry.before, 'base64'),
          mode: entry.modeBefore,
        })
      continue
    }
    // noted, but never written
    if (entry.before !== null && Buffer.compare(present.bytes, Buffer.from(entry.before, 'base64')) === 0) continue
    const cut = cutOurs(file, present.bytes)
    if (cut === undefined)
      kept.push({ path: entry.path, why: isEditedCommand(file, present.bytes) ? editedCommand : nothingOurs })
    else {
      steps.push(
        isNothing(cut) && entry.before === null
          ? { kind: 'delete', file, expected: present.bytes }
          : { kind: 'cut', file, expected: present.bytes, after: cut, mode: null },
      )
      if (!isNothing(cut)) kept.push({ path: entry.path, why: 'it changed since init wrote it: only our part was taken out' })
    }
  }
  for (const file of await listPossible(git, commonDir, project)) {
    const present = known.has(file) ? undefined : await readPresent(file)
    if (present === undefined || present === 'other') continue
    const cut = cutOurs(file, present.bytes)
    if (cut === undefined) {
      if (isEditedCommand(file, present.bytes)) kept.push({ path: file, why: editedCommand })
      continue
    }
    steps.push(
      isNothing(cut)
        ? { kind: 'delete', file, expected: present.bytes }
        : { kind: 'cut', file, expected: present.bytes, after: cut, mode: null },
    )
  }
  await planMovesBack(main, record, steps, kept)
  const sessions = await countSessions(commonDir)
  if (sessions > 0)
    kept.push({
      path: join(commonDir, 'worktrees'),
      why: `sessions still there, as git worktrees: ${sessions}; flightrules status lists them`,
    })
  const { stdout } = await git.run(['config', '--local', '-z', '--get', 'core.hooksPath'], { accept: [0, 1] })
  const isOurs = record.hooksPath !== undefined && stdout.replace(/\0$/, '') === (record.hooksPath.after ?? '')
  const directories = [...record.directories].reverse().map((path) => fileFromMain(main, path))
  return { main, commonDir, steps, directories, hooksPath: isOurs ? record.hooksPath?.before : undefined, kept }
}

const nothingOurs = 'it changed since init wrote it, and nothing marked in it is ours'
const editedCommand = 'somebody edited this slash command since init wrote it, so it is theirs now'

/** A hook that was moved aside goes back once ours is out of its place; where ours changed since, it goes on handing over. */
async function planMovesBack(main: string, record: InitRecord, steps: RemovalStep[], kept: Kept[]): Promise<void> {
  for (const { from, to } of record.moved) {
    const place = fileFromMain(main, from)
    const isFree = (await readPresent(place)) === undefined || steps.some((step) => step.kind === 'delete' && step.file === place)
    if ((await readPresent(fileFromMain(main, to))) === undefined) continue
    if (isFree) steps.push({ kind: 'move-back', file: fileFromMain(main, to), to: place })
    else kept.push({ path: to, why: `${from} changed since init wrote it and still runs this one` })
  }
}

async function countSessions(commonDir: string): Promise<number> {
  const folders = [...(await listAdminDirectories(commonDir)).values()]
  const records = await Promise.all(folders.map((folder) => readPresent(join(folder, 'flightrules.json'))))
  return records.filter((record) => record !== undefined).length
}

/** Files that may hold our lines although no record here says so: a clone of a repository somebody else set up. */
async function listPossible(git: Git, commonDir: string, project: Project | null): Promise<string[]> {
  const facts = await detectHooks(git, project)
  const attributes = await locateInfoFile(commonDir, 'attributes')
  const files = hookNames.flatMap((name) => {
    const native = join(facts.directory, name)
    const places = [native, `${native}.legacy`, `${native}.old`, `${native}${asideSuffix}`]
    if (facts.husky !== null) places.push(join(git.cwd, facts.husky, name))
    if (facts.lefthookFile !== null) places.push(join(git.cwd, '.lefthook', name, lefthookScript))
    return places
  })
  if (facts.lefthookFile !== null) files.push(join(git.cwd, facts.lefthookFile))
  if (project?.package !== undefined) files.push(join(git.cwd, project.packageFolder, 'package.json'))
  if (project !== null) files.push(...[claudeSettingsFile, ...listCommandPaths()].map((path) => join(git.cwd, path)))
  return [...new Set([...files, attributes])]
}

/** How a removal step is shown; of files that are one thing to a reader the same is said. */
export function describeRemoval(main: string, step: RemovalStep): string {
  const path = nameTogether(pathFromMain(main, step.file))
  if (step.kind === 'delete') return `delete ${path}`
  if (step.kind === 'move-back') return `move ${path} back to ${pathFromMain(main, step.to)}`
  return step.kind === 'restore' ? `restore ${path} as it was` : `take our lines out of ${path}`
}
