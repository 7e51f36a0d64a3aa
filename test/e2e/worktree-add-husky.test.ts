import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { init, withCommands } from '../support/flightrules-project.ts'
import { installInto } from '../support/packed-package.ts'
import { makeRepository } from '../support/repository.ts'
import { runProgram } from '../support/run-cli.ts'

/** A project that had husky, with a pre-push of its own, before Flight Rules came. */
async function makeHuskyProject() {
  const project = withCommands(
    await makeRepository({
      remote: true,
      files: {
        '.gitignore': 'node_modules/\n.env*\n',
        'package.json': JSON.stringify({
          name: 'p',
          private: true,
          scripts: { prepare: 'husky' },
          devDependencies: { husky: '^9', flightrules: '*' },
        }),
        '.husky/pre-push': 'echo "their own pre-push"\n',
        'flightrules.config.json': JSON.stringify({ ports: { PORT: 50400 }, dependencies: { paths: ['node_modules'] } }),
      },
    }),
  )
  await installInto(project.path)
  await runProgram(process.execPath, [join(project.path, 'node_modules/husky/bin.js')], { cwd: project.path, env: project.env })
  expect(await project.git(['config', 'core.hooksPath'])).toBe('.husky/_')
  await init(project, 'husky')
  return project
}

test.concurrent('with husky a plain git worktree add becomes a session, and every hook fires in it at once', async () => {
  const project = await makeHuskyProject()
  const path = join(project.parent, 'w')
  await project.git(['worktree', 'add', '-q', '-b', 'w', path])
  await access(join(path, '.husky/_/pre-push'))
  expect((await project.status()).sessions).toMatchObject([
    { id: 'w', branch: 'w', createdBy: 'hook', ports: { PORT: expect.any(Number) }, states: ['active'] },
  ])
  await project.commit('work', { 'w.txt': 'w\n' }, path)
  await project.write(join(path, 'left-out.txt'), 'x\n')
  const refused = await runProgram('git', ['push', 'origin', 'w'], { cwd: path, env: project.env })
  expect(refused.status).not.toBe(0)
  expect(refused.stderr + refused.stdout).toContain('left-out.txt')
  await project.commit('whole', {}, path)
  const passed = await runProgram('git', ['push', 'origin', 'w'], { cwd: path, env: project.env })
  expect(passed.stdout + passed.stderr).toContain('their own pre-push')
  expect(passed.status).toBe(0)
})

test.concurrent('with husky start gives a session whose hooks fire at once, and a clean status', async () => {
  const project = await makeHuskyProject()
  const { session, path } = await project.start('a')
  await access(join(path, '.husky/_/pre-push'))
  expect(await project.git(['status', '--porcelain', '--untracked-files=all'], path)).toBe(`?? ${session.sessionLog}`)
  await project.write(join(path, 'left-out.txt'), 'x\n')
  await project.git(['commit', '-q', '--allow-empty', '-m', 'work'], path)
  const refused = await runProgram('git', ['push', 'origin', 'HEAD'], { cwd: path, env: project.env })
  expect({ status: refused.status, said: refused.stderr.includes('left-out.txt') }).toEqual({ status: 1, said: true })
})
