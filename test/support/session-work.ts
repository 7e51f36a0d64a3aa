import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from './flightrules-project.ts'

/** Starts a session and commits files in it; gives the session's directory. */
export async function startWithWork(
  project: TestProject,
  id: string,
  files: Readonly<Record<string, string>> = { [`${id}.txt`]: `${id}\n` },
  ...flags: string[]
): Promise<string> {
  const { path } = await project.start(id, ...flags)
  await commitWork(project, path, `work on ${id}`, files)
  return path
}

/** Commits some files and nothing else that may be there; gives the oid. */
export async function commitWork(
  project: TestProject,
  directory: string,
  message: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  for (const [name, content] of Object.entries(files)) await project.write(join(directory, name), content)
  await project.git(['add', '--', ...Object.keys(files)], directory)
  await project.git(['commit', '--quiet', '--message', message], directory)
  return project.git(['rev-parse', 'HEAD'], directory)
}

/** All refs, and of every worktree HEAD, index, changes and files: the same before and after what touched nothing. */
export async function stateOf(project: TestProject): Promise<string[]> {
  const list = await project.git(['worktree', 'list', '--porcelain'])
  const state = [list, await project.git(['for-each-ref'])]
  for (const [, path = ''] of list.matchAll(/^worktree (.+)$/gm)) {
    for (const args of [
      ['status', '--porcelain=v2', '--untracked-files=all', '--branch'],
      ['diff', 'HEAD'],
      ['diff', '--cached'],
    ]) {
      state.push(`${path} ${args[0] ?? ''}\n${await project.git(args, path)}`)
    }
  }
  return state
}

/** Local branches. */
export async function branchesOf(project: TestProject): Promise<string[]> {
  return (await project.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads'])).split('\n')
}

export type HistoryLine = Readonly<Record<string, unknown>>

/** What happened to one session, oldest first. */
export async function historyOf(project: TestProject, id: string): Promise<HistoryLine[]> {
  const text = await readFile(join(project.path, '.git/flightrules/history.jsonl'), 'utf8')
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as HistoryLine)
  return lines.filter((line) => line['id'] === id)
}

/** Paths of a commit's tree. */
export async function filesOf(project: TestProject, commit: string): Promise<string[]> {
  return (await project.git(['ls-tree', '-r', '--name-only', commit])).split('\n')
}
