import { lstat, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadManifest } from '../../../src/sessions/load-manifest.ts'
import { runProgram } from '../../support/run-cli.ts'
import { makeEngine } from './engine.ts'

const nameOf = (sessionsDir: string): string => join(sessionsDir, '.manifest.json')

it('cut off at any byte it is known to be damaged; rebuilt from the worktrees it is what it was, byte for byte', async () => {
  const engine = await makeEngine()
  await engine.start('a', { goals: ['one — ✓'] })
  await engine.start('b')
  const file = nameOf(engine.sessionsDir)
  const whole = await readFile(file)
  for (let length = 0; length < whole.length; length += 1) {
    await writeFile(file, whole.subarray(0, length))
    const { state } = await loadManifest(engine.sessionsDir)
    // without its last line end it says all there is to say
    expect([length, state]).toEqual([length, length === whole.length - 1 ? 'valid' : 'corrupt'])
  }
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: whole.length - 2 }),
      fc.constantFrom('cut', 'zeroes', 'doubled'),
      async (at, how) => {
        const rest = how === 'cut' ? Buffer.alloc(0) : how === 'zeroes' ? Buffer.alloc(whole.length - at) : whole
        const damaged = Buffer.concat([whole.subarray(0, at), rest])
        await writeFile(file, damaged)
        const { findings } = await engine.reconcile()
        expect(findings).toMatchObject([{ code: 'MANIFEST_REBUILT' }])
        expect(await readFile(String(findings[0]?.details?.['kept']))).toEqual(damaged)
        expect((await readFile(file)).equals(whole)).toBe(true)
      },
    ),
    { numRuns: 15 },
  )
})

it('of a hundred megabytes it is not read, and kept aside', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  const file = nameOf(engine.sessionsDir)
  const whole = await readFile(file, 'utf8')
  await truncate(file, 100 * 1024 * 1024)
  const { findings } = await engine.reconcile()
  expect(findings).toMatchObject([{ code: 'MANIFEST_REBUILT' }])
  expect((await lstat(String(findings[0]?.details?.['kept']))).size).toBe(100 * 1024 * 1024)
  expect(await readFile(file, 'utf8')).toBe(whole)
})

it('with names that mean something to JavaScript it is read as data, and what is not ours stays', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  const file = nameOf(engine.sessionsDir)
  const whole = await readFile(file, 'utf8')
  const strange =
    '"__proto__": {"version": 7, "polluted": true},\n  "constructor": {"prototype": {"polluted": true}},\n  "version": 1,'
  await writeFile(file, whole.replace('"version": 1,', strange))
  await engine.reconcile()
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  const text = await readFile(file, 'utf8')
  expect(text).toContain('"__proto__"')
  expect(text).toContain('"constructor"')
  expect((await engine.reconcile()).findings).toEqual([])
  expect(await readFile(file, 'utf8')).toBe(text)
})

it('with two entries of one name, or of sessions that never were, it comes to one of each, marked as gone', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  const manifest = (await engine.manifest()) as unknown as { sessions: Record<string, unknown>[] }
  const ghost = { ...manifest.sessions[0], id: 'ghost', worktree: '/', branch: 'main' }
  await writeFile(nameOf(engine.sessionsDir), JSON.stringify({ ...manifest, sessions: [...manifest.sessions, ghost, ghost] }))
  await engine.reconcile()
  expect((await engine.manifest()).sessions).toMatchObject([{ id: 'a' }, { id: 'ghost', orphaned: true }])
  expect(await engine.git(['rev-parse', '--verify', 'main'])).toMatch(/^[0-9a-f]{40}$/)
})

it('that is a folder, or that nobody may write to, stops no command', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  const file = nameOf(engine.sessionsDir)
  await rm(file)
  await engine.write(join(file, 'inside'), 'somebody’s')
  expect((await engine.reconcile()).findings).toMatchObject([{ code: 'MANIFEST_REBUILT' }])
  const aside = (await readdir(engine.sessionsDir)).find((name) => name.includes('corrupt-')) ?? ''
  expect(await readFile(join(engine.sessionsDir, aside, 'inside'), 'utf8')).toBe('somebody’s')
})

it.skipIf(process.platform === 'win32')('that is a pipe is not waited for', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  const file = nameOf(engine.sessionsDir)
  await rm(file)
  await runProgram('mkfifo', [file], { cwd: engine.path, env: engine.env })
  expect((await engine.reconcile()).findings).toMatchObject([{ code: 'MANIFEST_REBUILT' }])
  const handle = await open(file)
  expect((await handle.stat()).isFile()).toBe(true)
  await handle.close()
})
