import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hooksEnvironment } from '../../../src/doctor/checks/hooks-environment.ts'
import { hooksFire } from '../../../src/doctor/checks/hooks-fire.ts'
import { hooksInstalled } from '../../../src/doctor/checks/hooks-installed.ts'
import { hooksPath } from '../../../src/doctor/checks/hooks-path.ts'
import { hooksProgram } from '../../../src/doctor/checks/hooks-program.ts'
import { makeProject, type TestProject } from '../../support/flightrules-project.ts'
import { installInto, packedPackage } from '../../support/packed-package.ts'
import { makeRepository } from '../../support/repository.ts'
import { examine, repair, say } from './examine.ts'

/** A project with two sessions. */
async function make(hooks: 'native' | 'husky' | 'none'): Promise<TestProject> {
  const project = await makeProject({ hooks })
  await project.start('a')
  await project.start('b')
  return project
}

test.concurrent.each(['native', 'husky'] as const)(
  '%s: every hook is proven to fire in every worktree, from any of them',
  async (hooks) => {
    const project = await make(hooks)
    await project.git(['worktree', 'add', '-q', '--detach', '../elsewhere'])
    const fired = 'ok: post-checkout, pre-push and post-merge fire in 4 worktrees'
    for (const cwd of [project.path, project.session('a')]) {
      expect(await say(project, hooksFire, { cwd })).toEqual([fired])
      expect(await say(project, hooksPath, { cwd })).toEqual([expect.stringMatching(/^ok/)])
      expect(await say(project, hooksInstalled, { cwd })).toEqual([expect.stringMatching(/^ok/)])
      expect(await say(project, hooksProgram, { cwd })).toEqual([
        `ok: the hooks start ${join(packedPackage(), 'dist/cli.cjs').replace(project.parent, '<dir>')}`,
      ])
    }
    // what switches them off here and now says nothing about how they are set up
    expect(await say(project, hooksFire, { env: { HUSKY: '0', FLIGHTRULES: '0' } })).toEqual([fired])
  },
)

test.concurrent('firing runs nothing of the project, and nothing of ours', async () => {
  const project = await make('husky')
  for (const name of ['post-checkout', 'pre-push', 'post-merge']) {
    const file = `.husky/${name}`
    await writeFile(join(project.path, file), `${await project.read(file)}touch "${project.parent}/ran-${name}"\n`)
  }
  const before = await readdir(join(project.path, '.git/flightrules'))
  expect(await say(project, hooksFire)).toEqual(['ok: post-checkout, pre-push and post-merge fire in 3 worktrees'])
  expect((await readdir(project.parent)).filter((name) => name.startsWith('ran-'))).toEqual([])
  expect(await readdir(join(project.path, '.git/flightrules'))).toEqual(before)
})

test.concurrent("a worktree that lost husky's folder runs no hook: told for that one, put back", async () => {
  const project = await make('husky')
  await rm(join(project.session('b'), '.husky/_'), { recursive: true })
  expect(await say(project, hooksFire)).toEqual([
    'fail: git runs no post-checkout, pre-push, post-merge of Flight Rules in <dir>/project-sessions/b: .husky/_ is missing there',
  ])
  expect(await repair(project, hooksFire)).toEqual([
    '<dir>/project-sessions/b/.husky/_ was missing; it was copied from <dir>/project',
  ])
  expect(await say(project, hooksFire)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent("without husky's folder in the main worktree the remedy is husky's own installer", async () => {
  const project = await makeProject({ hooks: 'husky' })
  await rm(join(project.path, '.husky/_'), { recursive: true })
  const [verdict] = await examine(project, hooksFire)
  expect(verdict).toMatchObject({ status: 'fail', remedy: 'flightrules hook install' })
  expect(await repair(project, hooksFire)).toEqual([
    'core.hooksPath was .husky/_; husky made .husky/_ in <dir>/project, and git runs its hooks',
  ])
  expect(await say(project, hooksFire)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent('a fresh clone has the scripts but git runs none: husky is switched on', async () => {
  const project = await makeProject({ hooks: 'husky' })
  const path = join(project.parent, 'clone')
  await project.git(['clone', '-q', project.path, path])
  const clone = { ...project, path }
  const [verdict] = await examine(clone, hooksPath)
  expect(verdict).toMatchObject({ status: 'fail', remedy: 'flightrules hook install' })
  expect(await say(clone, hooksFire)).toEqual([
    'fail: git runs no post-checkout, pre-push, post-merge of Flight Rules in <dir>/clone: there is none in <dir>/clone/.git/hooks',
  ])
  await repair(clone, hooksPath)
  expect(await say(clone, hooksPath)).toEqual(['ok: core.hooksPath is .husky/_ (local config)'])
  expect(await say(clone, hooksFire)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent.each([
  ['native', null],
  ['husky', '.husky/_'],
] as const)('%s: a tool that points core.hooksPath at its own hooks is found out and the path set back', async (hooks, home) => {
  const project = await make(hooks)
  const other = join(project.parent, 'other')
  await mkdir(other)
  await writeFile(join(other, 'pre-push'), '#!/bin/sh\ntouch ran\n', { mode: 0o755 })
  await project.git(['config', 'core.hooksPath', other])
  expect(await say(project, hooksPath)).toEqual([
    `fail: core.hooksPath is <dir>/other (local config), where no hook of Flight Rules is: another tool set it; ours are in ${home ?? '<dir>/project/.git/hooks'}`,
  ])
  expect(await say(project, hooksFire)).toEqual([
    'fail: git takes its hooks for 3 worktrees from <dir>/other, which has none of ours',
  ])
  await expect(readFile(join(project.path, 'ran'))).rejects.toThrow('ENOENT')
  expect(await repair(project, hooksPath)).toEqual([
    `core.hooksPath in <dir>/project/.git/config was <dir>/other, is ${home ?? 'not set any more'}`,
  ])
  expect(await say(project, hooksPath)).toEqual([expect.stringMatching(/^ok/)])
  expect(await say(project, hooksFire)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent('a path set for one worktree only is taken away there; the others never had it', async () => {
  const project = await make('husky')
  await project.git(['config', 'extensions.worktreeConfig', 'true'])
  await project.git(['config', '--worktree', 'core.hooksPath', '/nowhere/hooks'], project.session('a'))
  const [verdict, ...others] = await examine(project, hooksPath)
  expect(others).toEqual([])
  expect(verdict?.message).toContain(`/nowhere/hooks (only ${project.session('a')}`)
  expect(await say(project, hooksFire)).toEqual([
    'fail: git takes its hooks for <dir>/project-sessions/a from /nowhere/hooks, which has none of ours',
  ])
  await repair(project, hooksPath)
  expect(await say(project, hooksPath)).toEqual(['ok: core.hooksPath is .husky/_ (local config)'])
  expect(await say(project, hooksFire)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent("an absolute path to the main worktree's hooks, as agents set it, still reaches ours", async () => {
  const project = await make('husky')
  await project.git(['config', 'core.hooksPath', join(project.path, '.husky/_')])
  expect(await say(project, hooksPath)).toEqual(['ok: core.hooksPath is <dir>/project/.husky/_ (local config)'])
  expect(await say(project, hooksFire)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent('a path that was changed again meanwhile is left alone', async () => {
  const project = await make('native')
  await project.git(['config', 'core.hooksPath', '/nowhere/one'])
  const [verdict] = await examine(project, hooksPath)
  await project.git(['config', 'core.hooksPath', '/nowhere/two'])
  expect(await verdict?.repair?.apply()).toContain('/nowhere/two by now; it was left alone')
  expect(await project.git(['config', 'core.hooksPath'])).toBe('/nowhere/two')
})

test.concurrent('a path of the person for all repositories is no setting of ours to change', async () => {
  const project = await make('native')
  await project.git(['config', '--global', 'core.hooksPath', '/nowhere/mine'])
  const [verdict] = await examine(project, hooksPath)
  expect(verdict).toMatchObject({ status: 'fail', remedy: 'git config --global --unset core.hooksPath' })
  expect(verdict?.repair).toBeUndefined()
})

test.concurrent('a hook that is not executable is told and mended', async () => {
  const project = await make('native')
  await chmod(join(project.path, '.git/hooks/pre-push'), 0o644)
  expect(await say(project, hooksInstalled)).toEqual([
    'fail: <dir>/project/.git/hooks/pre-push is not executable, so git does not run it',
  ])
  expect(await say(project, hooksFire)).toEqual([
    'fail: git runs no pre-push of Flight Rules in 3 worktrees: <dir>/project/.git/hooks/pre-push is not executable',
  ])
  expect(await repair(project, hooksInstalled)).toEqual(['the mode of <dir>/project/.git/hooks/pre-push was 644, is 755'])
  expect(await say(project, hooksFire)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent("a hook nobody may do anything with becomes its owner's again", async () => {
  const project = await make('native')
  const file = join(project.path, '.git/hooks/post-merge')
  await chmod(file, 0)
  const [verdict] = await examine(project, hooksInstalled)
  expect(verdict?.repair?.step.undo).toBe(`chmod 000 ${file}`)
  await repair(project, hooksInstalled)
  expect(await say(project, hooksFire)).toEqual([expect.stringMatching(/^ok/)])
  await chmod(file, 0o600)
  expect(await verdict?.repair?.apply()).toContain('it was left alone')
})

test.concurrent('a hook that is missing, foreign or from another version is told, and init is the way out', async () => {
  const project = await make('native')
  const hooks = join(project.path, '.git/hooks')
  await rm(join(hooks, 'pre-push'))
  await writeFile(join(hooks, 'post-merge'), '#!/bin/sh\n:\n')
  const text = await readFile(join(hooks, 'post-checkout'), 'utf8')
  await writeFile(join(hooks, 'post-checkout'), text.replace('flightrules_answer post-checkout\n', ''))
  expect(await say(project, hooksInstalled)).toEqual([
    'fail: pre-push, post-merge in <dir>/project/.git/hooks has no part of Flight Rules',
    'warn: our part is that of another version, or was edited, in <dir>/project/.git/hooks/post-checkout',
  ])
  expect((await say(project, hooksFire)).join('\n')).toContain('git runs no post-merge of Flight Rules in 3 worktrees')
  expect((await project.cli(['init', '--hooks', 'native'])).status).toBe(0)
  expect(await say(project, hooksInstalled)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent('a hook in which something else comes first is read and not run', async () => {
  const project = await make('native')
  const file = join(project.path, '.git/hooks/post-merge')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('#!/bin/sh\n', `#!/bin/sh\ntouch '${project.parent}/ran'\n`))
  expect(await say(project, hooksFire)).toEqual([
    'ok: our three hooks are in place in 3 worktrees; 6 were fired, 3 were only read: <dir>/project/.git/hooks/post-merge runs more than ours',
  ])
  await expect(readFile(join(project.parent, 'ran'))).rejects.toThrow('ENOENT')
})

test.concurrent('a hook that cannot run is told with what it said', async () => {
  const project = await make('native')
  const file = join(project.path, '.git/hooks/pre-push')
  await writeFile(file, (await readFile(file, 'utf8')).replace('#!/bin/sh', '#!/nowhere/sh'))
  const verdicts = await say(project, hooksFire)
  expect(verdicts).toHaveLength(1)
  expect(verdicts[0]).toMatch(/^fail: git runs no pre-push of Flight Rules in 3 worktrees: it ran and did not answer/)
})

test.concurrent('without hooks of ours there is one remedy', async () => {
  const project = await make('none')
  expect((await examine(project, hooksInstalled))[0]).toMatchObject({ status: 'warn', remedy: 'flightrules init' })
  expect((await examine(project, hooksFire))[0]).toMatchObject({ status: 'warn', remedy: 'flightrules init' })
  expect(await say(project, hooksPath)).toEqual([expect.stringMatching(/^ok/)])
  expect(await say(project, hooksProgram)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent('what lefthook starts is read and not run', async () => {
  const project = await make('native')
  const hooks = join(project.path, '.git/hooks')
  const names = ['post-checkout', 'pre-push', 'post-merge']
  for (const name of names) {
    await project.write(`.lefthook/${name}/flightrules.sh`, await readFile(join(hooks, name), 'utf8'))
    await writeFile(join(hooks, name), `#!/bin/sh\ntouch '${project.parent}/ran'\nlefthook run ${name} "$@"\n`)
  }
  await project.write(
    'lefthook.yml',
    names.map((name) => `${name}:\n  scripts:\n    "flightrules.sh":\n      runner: sh\n`).join(''),
  )
  await project.commit('lefthook')
  for (const id of ['a', 'b']) await project.git(['merge', '-q', 'main'], project.session(id))
  await rm(join(project.parent, 'ran'), { force: true })
  expect(await say(project, hooksFire)).toEqual([
    'ok: our three hooks are in place in 3 worktrees; 0 were fired, 9 were only read: <dir>/project/.git/hooks/post-checkout runs more than ours',
  ])
  await expect(readFile(join(project.parent, 'ran'))).rejects.toThrow('ENOENT')
})

test.concurrent('the file that names node and this package: missing or stale, it is written anew', async () => {
  const project = await make('native')
  const file = join(project.path, '.git/flightrules/bin')
  // with the program in node_modules the hooks do not need it
  await installInto(project.path)
  expect(await say(project, hooksProgram)).toEqual([
    expect.stringMatching(/^ok: the hooks start .*node_modules\/\.bin\/flightrules/),
  ])
  await writeFile(file, '/nowhere/node\n/nowhere/cli.cjs\n')
  expect(await say(project, hooksProgram)).toEqual([
    'warn: <dir>/project/.git/flightrules/bin names /nowhere/node, which is not there (any more)',
  ])
  const [said] = await repair(project, hooksProgram)
  expect(said).toContain('held "/nowhere/node\\n/nowhere/cli.cjs\\n"')
  expect(await readFile(file, 'utf8')).toBe(`${process.execPath}\n${join(packedPackage(), 'dist/cli.cjs')}\n`)
  expect(await say(project, hooksProgram)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent('hooks that find nothing to start fail, and are helped', async () => {
  const project = await make('native')
  await rm(join(project.path, '.git/flightrules/bin'))
  expect(await say(project, hooksProgram)).toEqual([expect.stringMatching(/^fail: the hooks find nothing to start in /)])
  await repair(project, hooksProgram)
  expect(await say(project, hooksProgram)).toEqual([expect.stringMatching(/^ok/)])
})

test.concurrent('a program of another version, or one that does not run, is told', async () => {
  const project = await make('native')
  expect(await say(project, hooksProgram, { version: '99.0.0' })).toEqual([
    expect.stringMatching(/^warn: the hooks start version .*this is 99\.0\.0$/),
  ])
  const broken = join(project.parent, 'broken.cjs')
  await writeFile(broken, 'throw new Error("broken in half")\n')
  await writeFile(join(project.path, '.git/flightrules/bin'), `${process.execPath}\n${broken}\n`)
  expect(await say(project, hooksProgram)).toEqual([
    expect.stringMatching(/^fail: the hooks start <dir>\/broken\.cjs, which does not run/),
  ])
})

test.concurrent.each([
  [{ FLIGHTRULES: '0' }, 'FLIGHTRULES'],
  [{ FLIGHTRULES_SKIP: 'pre-push' }, 'FLIGHTRULES_SKIP'],
  [{ HUSKY: '0' }, 'HUSKY'],
  [{ FLIGHTRULES_OP: 'x' }, 'FLIGHTRULES_OP'],
  [{ LEFTHOOK: '0' }, 'LEFTHOOK'],
  [{ GIT_DIR: '/nowhere' }, 'GIT_DIR'],
])('%o switches hooks off or leads git elsewhere', async (env, name) => {
  const project = await makeRepository()
  expect(await say(project, hooksEnvironment)).toEqual(['ok: nothing in the environment switches hooks off'])
  const [verdict] = await examine(project, hooksEnvironment, { env })
  expect(verdict).toMatchObject({ status: 'warn', remedy: `unset ${name}` })
})
