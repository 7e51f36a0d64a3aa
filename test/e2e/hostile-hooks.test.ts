import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runGit } from '../support/run-git.ts'
import { commitWork } from '../support/session-work.ts'

const hooks = ['post-checkout', 'pre-push', 'post-merge'] as const

/** A project that had hooks of its own when `init` came; each notes that it ran and what it was given. */
async function makeHookedProject(): Promise<TestProject & { ran(): Promise<string[]> }> {
  const project = await makeProject({ remote: true, hooks: 'none' })
  const log = join(project.parent, 'ran')
  for (const hook of hooks) {
    const read = hook === 'pre-push' ? 'cat' : 'echo'
    await project.write(`.git/hooks/${hook}`, `#!/bin/sh\n{ echo "${hook} $#"; ${read}; } >>'${log}'\n`)
    await chmod(join(project.path, '.git/hooks', hook), 0o755)
  }
  expect((await project.cli(['init', '--hooks', 'native'])).status).toBe(0)
  return {
    ...project,
    async ran() {
      const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line.startsWith('p'))
      await rm(log, { force: true })
      return lines
    },
  }
}

/** What a person does in a day, with git alone; gives what each step ended with. */
async function workADay(project: TestProject, env: Readonly<Record<string, string>> = {}): Promise<Record<string, number>> {
  const side = join(project.parent, 'side')
  const step = async (args: string[], cwd?: string): Promise<number> => (await runGit(project, args, cwd, env)).status
  const ended: Record<string, number> = { add: await step(['worktree', 'add', '-q', '-b', 'side', side]) }
  await project.write(join(side, 'w.txt'), 'work\n')
  await project.git(['add', '--all'], side)
  ended['commit'] = await step(['commit', '-q', '-m', 'work'], side)
  ended['switch'] = await step(['switch', '-q', '-c', 'other'], side)
  ended['merge'] = await step(['merge', '-q', '--no-edit', 'other'])
  ended['push'] = await step(['push', '-q', 'origin', 'main'])
  return ended
}

const fine = { add: 0, commit: 0, switch: 0, merge: 0, push: 0 }

describe.concurrent('a hook of ours', () => {
  const broken: readonly (readonly [what: string, script: string])[] = [
    ['fails', '#!/bin/sh\nexit 7\n'],
    ['crashes', '#!/bin/sh\nkill -SEGV $$\n'],
    ['talks to standard output and eats its input', '#!/bin/sh\necho noise\ncat >/dev/null\n'],
    ['is not a program', 'neither script nor binary\n'],
    ['has no interpreter', '#!/nowhere/node\n'],
  ]

  test.each(broken)('that %s loses nothing, and the hooks that were there run as before', async (what, script) => {
    const project = await makeHookedProject()
    await project.write('node_modules/.bin/flightrules', script)
    await chmod(join(project.path, 'node_modules/.bin/flightrules'), 0o755)
    const ended = await workADay(project)
    // a push nobody could check is stopped, and can be made all the same
    const isSilent = what.startsWith('talks')
    expect({ ...ended, push: 0 }).toEqual(fine)
    expect(ended['push'] === 0).toBe(isSilent)
    expect(await project.git(['show', 'main:w.txt'])).toBe('work')
    expect((await runGit(project, ['push', '--no-verify', '-q', 'origin', 'main'])).status).toBe(0)
    const ran = await project.ran()
    expect(ran.filter((line) => line === 'post-checkout 3').length).toBeGreaterThanOrEqual(2)
    expect(ran).toContain('post-merge 1')
    expect(ran.includes('pre-push 2')).toBe(isSilent)
    expect((await project.git(['fsck', '--no-dangling'])) === '').toBe(true)
  })

  test('that is not installed any more lets everything through', async () => {
    const project = await makeHookedProject()
    await rm(join(project.path, '.git/flightrules/bin'))
    expect(await workADay(project)).toEqual(fine)
    expect(await project.ran()).toEqual(expect.arrayContaining(['post-checkout 3', 'post-merge 1', 'pre-push 2']))
    expect(await project.git(['rev-parse', 'main'], project.remotePath ?? '')).toBe(await project.git(['rev-parse', 'main']))
  })

  test('that is held up gives up: a merge is made, a push stopped, and other hooks still run', async () => {
    const project = await makeHookedProject()
    await project.start('a')
    await commitWork(project, project.session('a'), 'work', { 'a.txt': 'a\n' })
    // git's list of worktrees never ends over this, as nothing does on a disk that is away
    const stuck = join(project.path, '.git/worktrees/stuck')
    await mkdir(stuck)
    await writeFile(join(stuck, 'HEAD'), 'ref: refs/heads/main\n')
    await writeFile(join(stuck, 'commondir'), '../..\n')
    await promisify(execFile)('mkfifo', [join(stuck, 'gitdir')])
    await project.ran()
    const env = { FLIGHTRULES_HOOK_TIMEOUT: '1' }
    const merged = await runGit(project, ['merge', '--no-edit', 'session/a'], project.path, env)
    expect({ status: merged.status, said: merged.stderr }).toEqual({
      status: 0,
      said: expect.stringContaining('took longer than 1 s'),
    })
    expect(await project.git(['show', 'main:a.txt'])).toBe('a')
    const pushed = await runGit(project, ['push', '-q', 'origin', 'session/a'], project.path, env)
    expect(pushed.status).toBeGreaterThan(0)
    expect(pushed.stderr).toContain('nothing was pushed; to push without this check: git push --no-verify')
    const switched = await runGit(project, ['switch', '-q', '-c', 'x'], project.session('a'), env)
    expect(switched.status).toBe(0)
    expect(await project.ran()).toEqual(['post-merge 1', 'post-checkout 3'])
    // and nothing is half done
    await rm(stuck, { recursive: true })
    expect((await project.status()).sessions).toMatchObject([{ id: 'a', branch: 'x' }])
    expect(await project.git(['worktree', 'list', '--porcelain'])).toContain(project.session('a'))
  })
})

test.concurrent('once Flight Rules is taken out, all work is usable with git alone', async () => {
  const project = await makeHookedProject()
  await project.commit('config')
  await project.start('active')
  await commitWork(project, project.session('active'), 'work', { 'a.txt': 'a\n' })
  await writeFile(join(project.session('active'), 'open.txt'), 'uncommitted')
  await project.start('kept')
  await project.json(['end', 'kept', '--strategy', 'keep'])
  const { path } = await project.start('gone')
  await writeFile(join(path, 'g.txt'), 'gone')
  const { json } = await project.json(['end', 'gone', '--strategy', 'abandon'])
  const { trash } = json.data as unknown as { trash: string }

  expect((await project.json(['init', '--remove'])).status).toBe(0)
  const hidden = {
    PATH: (project.env['PATH'] ?? '')
      .split(delimiter)
      .filter((entry) => !entry.includes('packed'))
      .join(delimiter),
  }
  for (const hook of hooks) {
    const text = await readFile(join(project.path, '.git/hooks', hook), 'utf8')
    expect(text).toMatch(new RegExp(`^#!/bin/sh\\n\\{ echo "${hook} `))
  }
  await project.commit('without flightrules')
  await project.ran()
  const git = async (args: string[], cwd?: string): Promise<void> => {
    const { status, stderr } = await runGit(project, args, cwd, hidden)
    expect({ args, status, stderr: status === 0 ? '' : stderr }).toEqual({ args, status: 0, stderr: '' })
  }
  const active = project.session('active')
  expect(await readFile(join(active, 'open.txt'), 'utf8')).toBe('uncommitted')
  await git(['add', '--all'], active)
  await git(['commit', '-q', '-m', 'more'], active)
  await git(['rebase', '-q', 'main'], active)
  await git(['merge', '-q', '--no-edit', 'session/active'])
  await git(['push', '-q', 'origin', 'main', 'session/active'])
  expect(await project.ran()).toEqual(expect.arrayContaining(['post-merge 1', 'pre-push 2']))
  expect(await project.git(['show', 'main:open.txt'])).toBe('uncommitted')
  // what was put away comes back
  await git(['worktree', 'unlock', project.session(`.trash/${trash}`)])
  await git(['worktree', 'move', project.session(`.trash/${trash}`), path])
  expect(await readFile(join(path, 'g.txt'), 'utf8')).toBe('gone')
  await git(['switch', '-q', '-c', 'session/gone-again'], path)
  // and what is done with goes
  for (const one of [active, project.session('kept')]) {
    await git(['worktree', 'unlock', one])
    await git(['worktree', 'remove', one])
  }
  await git(['branch', '-d', 'session/active'])
  await git(['worktree', 'add', '-q', '-b', 'new', active])
  await git(['gc', '--quiet'])
  await git(['fsck', '--strict'])
  expect(await project.git(['status', '--porcelain'])).toBe('')
  expect((await readdir(active)).toSorted()).toContain('a.txt')
})
