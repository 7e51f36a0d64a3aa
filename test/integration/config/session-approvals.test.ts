import { chmod, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { approveCommit, isCommitApproved, revokeCommits } from '../../../src/config/session-approvals.ts'
import { revokeConfig } from '../../../src/config/trust.ts'
import { type ConfigProject, makeConfigProject } from '../../support/config-project.ts'

const session = '00000000-0000-4000-8000-000000000001'
const commit = 'a'.repeat(40)

async function makeApproved(): Promise<{ project: ConfigProject; folder: string; file: string }> {
  const project = await makeConfigProject({})
  await approveCommit(project, { session, commit, at: '2026-01-01T00:00:00Z' })
  const approvals = join(project.stateDirectory, 'approvals')
  const folder = join(approvals, (await readdir(approvals))[0] ?? '')
  return { project, folder, file: join(folder, `session-${session}-${commit}.json`) }
}

test('a commit is approved for one session of one copy of the repository, until that is taken back', async () => {
  const { project } = await makeApproved()
  const ask = async (approved: { session: string; commit: string }): Promise<boolean> =>
    (await isCommitApproved(project, approved)).found
  expect(await ask({ session, commit })).toBe(true)
  expect(await ask({ session, commit: 'b'.repeat(40) })).toBe(false)
  expect(await ask({ session: session.replace(/1$/, '2'), commit })).toBe(false)
  const other = await makeConfigProject({})
  expect((await isCommitApproved({ ...other, stateDirectory: project.stateDirectory }, { session, commit })).found).toBe(false)
  await expect(isCommitApproved(project, { session: '../x', commit })).rejects.toThrow('not the names')
  expect((await revokeCommits(project, session)).found).toBe(1)
  expect(await ask({ session, commit })).toBe(false)
  await approveCommit(project, { session, commit, at: 'now' })
  expect((await revokeConfig(project)).found).toBe(1)
  expect(await ask({ session, commit })).toBe(false)
})

test('an approval that is damaged, renamed or writable by others counts for nothing, loudly', async () => {
  const { project, folder, file } = await makeApproved()
  const text = await readFile(file, 'utf8')
  const none = { found: false, doubts: [{ code: 'APPROVALS_UNSAFE' }] }
  for (const damaged of [
    '',
    '{',
    'null',
    '[]',
    text.slice(0, -9),
    text.replace('aaaa', 'bbbb'),
    text.replace('"version": 1', '"version": 2'),
  ]) {
    await writeFile(file, damaged)
    expect(await isCommitApproved(project, { session, commit })).toMatchObject(none)
  }
  await writeFile(file, text)
  const renamed = 'c'.repeat(40)
  await rename(file, file.replace(commit, renamed))
  expect(await isCommitApproved(project, { session, commit: renamed })).toMatchObject(none)
  if (process.platform === 'win32') return
  await writeFile(file, text)
  await chmod(file, 0o666)
  expect(await isCommitApproved(project, { session, commit })).toMatchObject(none)
  await chmod(file, 0o600)
  await chmod(folder, 0o777)
  expect(await isCommitApproved(project, { session, commit })).toMatchObject(none)
})
