import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { retireMissing } from '../../../src/sessions/retire-missing.ts'
import { restoreSession } from '../../../src/sessions/restore/restore-session.ts'
import { loadTrashEntries } from '../../../src/sessions/restore/trash-entries.ts'
import { type Engine, makeEngine } from './engine.ts'

async function letGo(engine: Engine, id: string): Promise<string> {
  const { context } = await engine.open()
  const options = { reason: 'its folder was gone', event: 'ended', deleteBranch: true } as const
  const { item } = await retireMissing(context, await engine.session(id), options)
  await engine.git(['reflog', 'expire', '--expire=now', '--all'])
  await engine.git(['gc', '--quiet', '--prune=now'])
  return item.ref
}

it('what was staged in the middle of a merge outlives the folder, every side of the conflict too', async () => {
  const engine = await makeEngine({ files: { 'a.txt': 'a\n' } })
  const { path } = await engine.start('a')
  await writeFile(join(path, 'a.txt'), 'theirs\n')
  // a side that no commit anybody can reach has
  const shelved = await engine.git(['stash', 'create'], path)
  await engine.commit('ours', { [join(path, 'a.txt')]: 'ours\n' }, path)
  await engine.git(['cherry-pick', '--no-commit', '--mainline', '1', shelved], path).catch(() => '')
  const theirs = await engine.git(['rev-parse', ':3:a.txt'], path)
  await writeFile(join(path, 'new.txt'), 'settled\n')
  await engine.git(['add', 'new.txt'], path)
  await rm(path, { recursive: true })
  const ref = await letGo(engine, 'a')
  expect(await engine.git(['cat-file', 'blob', theirs])).toBe('theirs')
  const { context } = await engine.open()
  const [entry] = await loadTrashEntries(context)
  if (entry === undefined) throw new Error(`${ref} is not in the trash`)
  const restored = await restoreSession(context, { entry })
  expect(await readFile(join(restored.path, 'new.txt'), 'utf8')).toBe('settled\n')
  expect(await engine.git(['status', '--porcelain'], restored.path)).toBe('A  new.txt')
})

it('an index git cannot read outlives the folder as it is', async () => {
  const engine = await makeEngine()
  const { path } = await engine.start('a')
  const { gitDir } = await engine.session('a')
  await writeFile(join(gitDir, 'index'), 'no index, but somebody may know what it was\n')
  await rm(path, { recursive: true })
  const ref = await letGo(engine, 'a')
  const commits = (await engine.git(['rev-list', '--parents', '--max-count=1', ref])).split(' ').slice(1)
  expect(await engine.git(['show', `${commits.at(-1) ?? ''}:index`])).toBe('no index, but somebody may know what it was')
})
