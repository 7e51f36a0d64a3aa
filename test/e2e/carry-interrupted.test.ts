import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runCli } from '../support/run-cli.ts'

/** One in so many of the points; the others differ in nothing but where between two of these they are. `FLIGHTRULES_FAULTS=all`: each. */
const stride = process.env['FLIGHTRULES_FAULTS'] === 'all' ? 1 : 11

async function makeDirty(): Promise<TestProject> {
  const project = await makeProject({ files: { 'changed.txt': 'before\n', 'deleted.txt': 'deleted\n', 'both.txt': 'before\n' } })
  await project.write('changed.txt', 'changed\n')
  await project.write('staged.txt', 'staged\n')
  await project.write('both.txt', 'staged\n')
  await project.git(['add', 'staged.txt', 'both.txt'])
  await project.write('both.txt', 'staged, then changed\n')
  await project.write('new folder/new.txt', 'new\n')
  await rm(join(project.path, 'deleted.txt'))
  return project
}

const before = [' M changed.txt', ' D deleted.txt', 'A  staged.txt', '?? "new folder/new.txt"', 'MM both.txt']
  .toSorted()
  .join('\n')

async function changesIn(project: TestProject, directory: string): Promise<string> {
  const text = await project.git(['status', '--porcelain', '--untracked-files=all', '--', '.', ':!docs'], directory)
  return text.split('\n').toSorted().join('\n')
}

async function requireWhole(project: TestProject, directory: string): Promise<void> {
  expect(await changesIn(project, directory)).toBe(before)
  const content = {
    'changed.txt': 'changed\n',
    'staged.txt': 'staged\n',
    'new folder/new.txt': 'new\n',
    'both.txt': 'staged, then changed\n',
  }
  for (const [name, text] of Object.entries(content)) expect(await readFile(join(directory, name), 'utf8')).toBe(text)
  expect(await project.git(['show', ':both.txt'], directory)).toBe('staged')
}

async function listPoints(): Promise<string[]> {
  const project = await makeDirty()
  const trace = join(project.parent, 'trace')
  await runCli(['start', 'fresh', '--carry'], { cwd: project.path, env: { ...project.env, FLIGHTRULES_FAILPOINT_TRACE: trace } })
  const points = (await readFile(trace, 'utf8')).trimEnd().split('\n')
  await requireWhole(project, project.session('fresh'))
  return points.slice(points.indexOf('before:carry-changes#1'), points.indexOf('after:carry-changes#1') + 1)
}

test('changes that are carried are in the main worktree or in the session, whole, wherever it is killed', async () => {
  const points = (await listPoints()).filter((_point, index) => index % stride === 0)
  expect(points.length).toBeGreaterThan(5)
  const places = new Set<string>()
  for (const point of points) {
    const project = await makeDirty()
    await runCli(['start', 'fresh', '--carry'], {
      cwd: project.path,
      env: { ...project.env, FLIGHTRULES_FAILPOINT: `${point}=kill` },
    })
    await project.status()
    const isInSession = (await changesIn(project, project.path)) === ''
    places.add(isInSession ? 'session' : 'main')
    const [there, other] = isInSession ? [project.session('fresh'), project.path] : [project.path, project.session('fresh')]
    await requireWhole(project, there).catch((error: Error) => {
      throw new Error(`${point}: ${error.message}`)
    })
    if (existsSync(other)) expect([point, await changesIn(project, other)]).toEqual([point, ''])
  }
  expect([...places].toSorted()).toEqual(['main', 'session'])
}, 300_000)
