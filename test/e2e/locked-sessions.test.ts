import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { runGit } from '../support/run-git.ts'
import { startWithWork } from '../support/session-work.ts'

test('an active session is locked with a reason, and every removal of ours takes the lock along', async () => {
  const project = await makeProject()
  const listed = () => project.git(['worktree', 'list', '--porcelain'])
  const ids = ['merged', 'abandoned', 'pulled', 'cleaned']
  for (const id of ids) {
    const path = await startWithWork(project, id)
    expect(await listed()).toContain(`locked flightrules session ${id}; end it with: flightrules end ${id}`)
    await expect(project.git(['worktree', 'remove', '--force', path])).rejects.toThrow('locked')
  }
  await project.json(['end', 'merged', '--strategy', 'merge'])
  await project.json(['end', 'abandoned', '--strategy', 'abandon'])
  await runGit(project, ['merge', '--quiet', '--no-ff', '-m', 'pulled', 'session/pulled'])
  await runGit(project, ['merge', '--quiet', '--no-ff', '-m', 'cleaned', 'session/cleaned'], project.path, { FLIGHTRULES: '0' })
  await project.json(['cleanup'])
  expect((await project.status()).sessions).toEqual([])
  expect(await listed()).not.toContain('locked flightrules session')
  for (const id of ids) await project.git(['worktree', 'add', '--quiet', '--detach', project.session(id)])
})
