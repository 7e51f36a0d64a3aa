import { execFile } from 'node:child_process'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { findPreferredMethod, listUnheeded } from '../../../src/integrate/merge-settings.ts'
import { type Engine, makeEngine } from './engine.ts'
import { endByMerge, startWithCommit } from './end-merging.ts'

const methods = ['merge', 'squash', 'rebase'] as const

async function state(engine: Engine, session: string): Promise<string[]> {
  const status = ['status', '--porcelain=v2', '--branch', '--untracked-files=all']
  return [await engine.git(['for-each-ref']), await engine.git(status), await engine.git(status, session)]
}

describe('signed commits', () => {
  let engine: Engine
  let session: string

  beforeEach(async () => {
    engine = await makeEngine()
    session = await startWithCommit(engine, 'auth')
    await engine.commit('meanwhile', { 'main.txt': 'main\n' })
    const key = join(engine.parent, 'key')
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', key])
    await engine.write(join(engine.parent, 'signers'), `test@example.invalid ${await readFile(`${key}.pub`, 'utf8')}`)
    for (const [name, value] of [
      ['commit.gpgSign', 'true'],
      ['gpg.format', 'ssh'],
      ['user.signingKey', key],
      ['gpg.ssh.allowedSignersFile', join(engine.parent, 'signers')],
    ] as const)
      await engine.git(['config', name, value])
  })

  it.each(methods)('are made by %s', async (merge) => {
    await endByMerge(engine, 'auth', { merge })
    expect(await engine.git(['log', '-1', '--format=%G? %GS'])).toBe('G test@example.invalid')
  })

  it.each(methods)('that cannot be signed are not made: %s', async (merge) => {
    const program = join(engine.parent, 'no-key')
    await engine.write(program, '#!/bin/sh\necho "the card is not there" >&2\nexit 1\n')
    await chmod(program, 0o755)
    await engine.git(['config', 'gpg.ssh.program', program])
    const before = await state(engine, session)
    await expect(endByMerge(engine, 'auth', { merge })).rejects.toMatchObject({
      kind: 'failed',
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('the card is not there'),
    })
    expect(await state(engine, session)).toEqual(before)
  })

  it('are not asked for to look what there would be', async () => {
    const asked = join(engine.parent, 'asked')
    const program = join(engine.parent, 'counting')
    await engine.write(program, `#!/bin/sh\necho >> ${JSON.stringify(asked)}\nexec ssh-keygen "$@"\n`)
    await chmod(program, 0o755)
    await engine.git(['config', 'gpg.ssh.program', program])
    await endByMerge(engine, 'auth')
    expect(await readFile(asked, 'utf8')).toBe('\n')
  })

  it.each([...methods, 'ff-only'] as const)(
    'are all that is merged where merge.verifySignatures asks for it: %s',
    async (merge) => {
      if (merge === 'ff-only') await engine.git(['-c', 'commit.gpgSign=false', 'rebase', '--quiet', 'main'], session)
      await engine.git(['config', 'merge.verifySignatures', 'true'])
      const before = await state(engine, session)
      await expect(endByMerge(engine, 'auth', { merge })).rejects.toMatchObject({ code: 'UNVERIFIED_SIGNATURE' })
      expect(await state(engine, session)).toEqual(before)
      await engine.git(['commit', '--quiet', '--amend', '--no-edit', '--gpg-sign'], session)
      // what is made on the way need not be
      await engine.git(['config', 'commit.gpgSign', 'false'])
      await endByMerge(engine, 'auth', { merge })
      expect(await engine.read('auth.txt')).toBe('auth\n')
    },
  )
})

it("git's own settings name the method where nobody else does", async () => {
  const engine = await makeEngine()
  const { git } = (await engine.open()).context
  for (const [ff, options, method] of [
    [null, null, undefined],
    ['true', null, undefined],
    ['false', null, undefined],
    ['only', null, 'ff-only'],
    ['only', '--no-ff', 'merge'],
    ['only', '--ff', undefined],
    [null, '--ff-only --no-stat', 'ff-only'],
    [null, '--no-ff --ff-only', 'ff-only'],
    [null, '--log --squash', 'squash'],
  ] as const) {
    for (const [name, value] of [
      ['merge.ff', ff],
      ['branch.main.mergeOptions', options],
    ] as const)
      if (value === null) await git.run(['config', '--unset', name], { accept: [0, 5] })
      else await git.run(['config', name, value])
    expect([ff, options, await findPreferredMethod(git, 'main')]).toEqual([ff, options, method])
  }
  await git.run(['config', 'branch.main.mergeOptions', '--no-ff  -X theirs --signoff --no-stat'])
  expect(await listUnheeded(git, 'main')).toEqual(['-X', 'theirs', '--signoff'])
  await startWithCommit(engine, 'auth')
  expect((await endByMerge(engine, 'auth')).findings).toMatchObject([
    { code: 'MERGE_OPTIONS_UNHEEDED', details: { options: ['-X', 'theirs', '--signoff'] } },
  ])
})

it.each([...methods])('the attributes of the base say how files are merged, whatever is checked out: %s', async (merge) => {
  const engine = await makeEngine({
    files: { 'sub/notes.md': 'first\n', 'plain.md': 'first\n', 'sub/.gitattributes': '*.md merge=union\n' },
  })
  const session = await startWithCommit(engine, 'auth', { 'sub/notes.md': 'first\nsession\n' })
  await engine.commit('meanwhile', { 'sub/notes.md': 'first\nmain\n', 'plain.md': 'main\n' })
  await engine.git(['switch', '--quiet', '-c', 'other'])
  await engine.git(['rm', '--quiet', 'sub/.gitattributes'])
  await engine.commit('attributes of its own', { '.gitattributes': 'plain.md merge=union\n' })
  await endByMerge(engine, 'auth', { merge, keepWorktree: true })
  expect((await engine.git(['show', 'main:sub/notes.md'])).split('\n').toSorted()).toEqual(['first', 'main', 'session'])
  await engine.commit('clash', { 'plain.md': 'session\n' }, session)
  await expect(endByMerge(engine, 'auth', { merge })).rejects.toMatchObject({
    code: 'MERGE_CONFLICTS',
    details: { paths: ['plain.md'] },
  })
})

describe('a base that follows a remote branch', () => {
  let engine: Engine
  let session: string

  beforeEach(async () => {
    engine = await makeEngine({ remote: true })
    session = await startWithCommit(engine, 'auth')
    const other = join(engine.parent, 'other')
    await engine.git(['clone', '--quiet', engine.remotePath ?? '', other])
    await engine.commit('theirs', { 'auth.txt': 'theirs\n' }, other)
    await engine.git(['push', '--quiet'], other)
    await engine.git(['fetch', '--quiet'])
  })

  it('and is behind it: asked, with the count and what would conflict there; nothing touched', async () => {
    const before = await state(engine, session)
    await expect(endByMerge(engine, 'auth')).rejects.toMatchObject({
      kind: 'decision',
      code: 'BASE_BEHIND_UPSTREAM',
      message: expect.stringContaining('main is behind origin/main by 1 commit (the session conflicts with it in auth.txt)'),
      hint: expect.stringContaining(`git -C ${engine.path} merge --ff-only origin/main`),
      choices: [{ flag: '--proceed' }, { flag: '--strategy pr' }, { flag: '--strategy keep' }],
      details: { upstream: 'origin/main', behind: 1, ahead: 0 },
    })
    expect(await state(engine, session)).toEqual(before)
  })

  it('and is behind it, and checked out nowhere: the way named works', async () => {
    await engine.git(['switch', '--quiet', '-c', 'elsewhere'])
    const error = await endByMerge(engine, 'auth').catch((thrown: unknown) => thrown as { hint: string })
    const command = /: (git .*)$/.exec('hint' in error ? error.hint : '')?.[1] ?? ''
    await promisify(execFile)('sh', ['-c', command], { env: engine.env })
    expect(await engine.git(['rev-parse', 'main'])).toBe(await engine.git(['rev-parse', 'origin/main']))
    await expect(endByMerge(engine, 'auth')).rejects.toMatchObject({ code: 'MERGE_CONFLICTS' })
  })

  it('and is behind it, which is what was decided: merged, and said', async () => {
    const { findings } = await endByMerge(engine, 'auth', { proceed: true })
    expect(findings).toMatchObject([
      { code: 'UPSTREAM_AHEAD', details: { behind: 1, ahead: 0, conflicts: [{ path: 'auth.txt' }] } },
    ])
  })

  it('and has parted from it already: merged, and said', async () => {
    await engine.commit('ours', { 'ours.txt': 'ours\n' })
    const { findings } = await endByMerge(engine, 'auth')
    expect(findings).toMatchObject([{ code: 'UPSTREAM_AHEAD', details: { behind: 1, ahead: 1 } }])
    expect(await engine.read('auth.txt')).toBe('auth\n')
  })

  it('and is ahead of it: nothing to say', async () => {
    await engine.git(['merge', '--quiet', '--ff-only', 'origin/main'])
    const { path } = await engine.start('more')
    await engine.commit('more', { 'more.txt': 'more\n' }, path)
    await engine.commit('ours', { 'ours.txt': 'ours\n' })
    const { findings } = await endByMerge(engine, 'more')
    expect(findings.map(({ code }) => code)).not.toContain('UPSTREAM_AHEAD')
  })
})

it('notes go with the commits of a rebase where git is told to take them along', async () => {
  const engine = await makeEngine()
  const session = await startWithCommit(engine, 'auth')
  await engine.commit('meanwhile', { 'main.txt': 'main\n' })
  await engine.git(['config', 'notes.rewriteRef', 'refs/notes/*'])
  await engine.git(['notes', 'add', '-m', 'by a model'], session)
  await endByMerge(engine, 'auth', { merge: 'rebase' })
  expect(await engine.git(['notes', 'show', 'main'])).toBe('by a model')
})
