import { describe, expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { commitWork, historyOf, stateOf } from '../support/session-work.ts'

describe.concurrent('a session in the main worktree', () => {
  test('ends with its log closed and its entry dropped; branch and files stay', async () => {
    const project = await makeProject()
    const { session } = await project.start('fix', '--standard', '--goal', 'Mend the login')
    await commitWork(project, project.path, 'Mend it', { 'fix.txt': 'x' })
    const { status, json } = await project.json(['end'])
    expect(json.data).toEqual({
      id: 'fix',
      strategy: 'keep',
      integrated: null,
      pr: null,
      pushed: false,
      worktreeRemoved: false,
      branchDeleted: false,
      trash: null,
    })
    expect(status).toBe(0)
    expect(await project.git(['log', '--format=%s', '-2'])).toBe('docs: session log of fix\nMend it')
    expect(await project.git(['status', '--porcelain'])).toBe('')
    const log = await project.read(session.sessionLog ?? '')
    expect(log).toMatch(
      /- How: in the main worktree\n- Integration: none; its commits are on main\n- Changes: 1 file, 1 insertion, 0 deletions\n- Commits:\n {2}- [0-9a-f]{12} Mend it\n/,
    )
    expect((await project.status()).sessions).toEqual([])
    expect((await historyOf(project, 'fix')).map(({ event }) => event)).toEqual(['started', 'ended'])
  })

  test('with uncommitted changes: the choice is to commit them or to leave them', async () => {
    const project = await makeProject()
    await project.start('fix', '--standard')
    await project.write('README.md', 'half done\n')
    const before = await stateOf(project)
    const { status, json } = await project.json(['end', 'fix'])
    expect([status, json.error.code, json.error.details]).toEqual([3, 'UNCOMMITTED', { paths: ['README.md'] }])
    expect(json.error.choices.map(({ flag }) => flag)).toEqual(['--commit <message>', '--strategy keep'])
    expect(await stateOf(project)).toEqual(before)
    const { stdout } = await project.cli(['end', 'fix', '--commit', 'Half of it'])
    expect(stdout).toBe('Ended session fix; the main worktree stays as it is.\n')
    expect(await project.git(['log', '--format=%s', '-2'])).toBe('docs: session log of fix\nHalf of it')
  })

  test.for(['keep', 'abandon'])('ends by %s with its changes left as they are', async (strategy) => {
    const project = await makeProject()
    await project.start('fix', '--standard')
    await project.write('README.md', 'half done\n')
    await project.write('new.txt', 'new\n')
    await project.git(['add', 'new.txt'])
    expect((await project.cli(['end', 'fix', '--strategy', strategy])).status).toBe(0)
    expect(await project.git(['status', '--porcelain'])).toBe(' M README.md\nA  new.txt')
    expect((await project.status()).sessions).toEqual([])
  })

  test('shows its steps with --dry-run', async () => {
    const project = await makeProject()
    await project.start('fix', '--standard')
    const before = await stateOf(project)
    const { json } = await project.json(['end', 'fix', '--dry-run'])
    expect(json.data).toMatchObject({
      plan: { steps: [{ kind: 'complete-session-log' }, { kind: 'drop-entry', id: 'fix' }, { kind: 'write-history' }] },
    })
    expect(await stateOf(project)).toEqual(before)
  })
})
