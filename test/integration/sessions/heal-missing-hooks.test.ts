import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { healMissingHooks } from '../../../src/sessions/heal-missing-hooks.ts'
import { type Engine, makeEngine } from './engine.ts'

/** A repository with a hook of husky's, as `husky` itself leaves it. */
async function makeHuskyEngine(): Promise<Engine> {
  const engine = await makeEngine({ files: { '.husky/pre-push': 'true\n' } })
  for (const [name, text] of Object.entries({ '.gitignore': '*', h: 'true\n', 'pre-push': '#!/bin/sh\n' }))
    await engine.write(join(engine.path, '.husky/_', name), text)
  await engine.git(['config', 'core.hooksPath', '.husky/_'])
  return engine
}

test('a session that lost the folder git takes its hooks from gets it back, and is told', async () => {
  const engine = await makeHuskyEngine()
  const { path } = await engine.start('a')
  await engine.start('b')
  await access(join(path, '.husky/_/pre-push'))
  expect((await engine.reconcile()).findings).toEqual([])
  await engine.git(['clean', '-q', '-xfd'], path)
  await expect(access(join(path, '.husky/_'))).rejects.toThrow('ENOENT')
  expect((await engine.reconcile()).findings).toMatchObject([{ code: 'HOOKS_HEALED', details: { path } }])
  await access(join(path, '.husky/_/pre-push'))
  expect(await engine.git(['status', '--porcelain'], path)).toBe('')
  expect((await engine.reconcile()).findings).toEqual([])
})

test('a folder that came back empty, as from a snapshot, is as good as none', async () => {
  const engine = await makeHuskyEngine()
  const { path } = await engine.start('a')
  await engine.git(['clean', '-q', '-xfd'], path)
  await mkdir(join(path, '.husky/_'))
  expect((await engine.reconcile()).findings).toMatchObject([{ code: 'HOOKS_HEALED', details: { path } }])
  await access(join(path, '.husky/_/pre-push'))
})

test('git is not asked where nothing is missing, nor where husky is not in use', async () => {
  const engine = await makeHuskyEngine()
  const { path } = await engine.start('a')
  const { context, set } = await engine.open()
  const git = context.git.with({ PATH: '/nowhere' })
  expect(await healMissingHooks({ ...context, git }, set.registered)).toEqual([])
  await engine.git(['clean', '-q', '-xfd'], path)
  await expect(healMissingHooks({ ...context, git }, set.registered)).rejects.toMatchObject({ code: 'GIT_MISSING' })
  await engine.git(['config', '--unset', 'core.hooksPath'])
  expect(await healMissingHooks({ ...context, git }, set.registered)).toEqual([])
})
