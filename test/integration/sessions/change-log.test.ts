import { appendFileSync, readdirSync } from 'node:fs'
import { chmod, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { appendLog } from '../../../src/commands/append-log.ts'
import { changeLog } from '../../../src/sessions/log/change-log.ts'
import { withSyncTime } from '../../../src/sessions/sync/note-log.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'
import { makeEngine } from './engine.ts'

async function makeLogged() {
  const engine = await makeEngine({ config: { sessionLog: { dir: 'log' } } })
  await engine.start('auth')
  const entry = await engine.session('auth')
  const file = join(entry.worktree.path, entry.session.sessionLog ?? '')
  const { context } = await engine.open()
  return { engine, entry, file, context, read: () => engine.read(file) }
}

describe('a log that is changed', () => {
  test('while somebody writes to it keeps what they wrote', async () => {
    const { context, entry, file, read } = await makeLogged()
    const before = await read()
    let times = 0
    const change = (text: string): string => {
      times += 1
      if (times < 3) appendFileSync(file, `theirs ${times}\n`)
      return `${text}ours\n`
    }
    expect(await changeLog(context, entry, change)).toBeNull()
    expect(await read()).toBe(`${before}theirs 1\ntheirs 2\nours\n`)
  })

  test('by somebody who never stops is left to them', async () => {
    const { context, entry, file, read } = await makeLogged()
    const change = (text: string): string => {
      appendFileSync(file, 'theirs\n')
      return `${text}ours\n`
    }
    expect(await changeLog(context, entry, change)).toBe('busy')
    expect(await read()).not.toContain('ours')
  })

  test('by many of ours at once has all of it, in a file with the mode it had', async () => {
    const { context, entry, file, read } = await makeLogged()
    await chmod(file, 0o600)
    const words = Array.from({ length: 20 }, (_, index) => `word ${index}\n`)
    await Promise.all(words.map((word) => changeLog(context, entry, (text) => text + word)))
    const lines = (await read()).split('\n').filter((line) => line.startsWith('word'))
    expect(lines.toSorted()).toEqual(words.map((word) => word.trim()).toSorted())
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(file, '..'))).toHaveLength(1)
  })

  test.each([
    ['in Latin-1', Buffer.from('caf\u00e9\n', 'latin1'), 'no-text'],
    ['in UTF-16', Buffer.from('\uFEFF## Plan\n', 'utf16le'), 'no-text'],
    ['larger than anybody writes', Buffer.alloc((8 << 20) + 1, 'x'), 'too-large'],
  ] as const)('%s stays byte for byte', async (_what, bytes, problem) => {
    const { context, entry, file } = await makeLogged()
    await writeFile(file, bytes)
    expect(await changeLog(context, entry, (text) => `${text}x`)).toBe(problem)
    expect((await stat(file)).size).toBe(bytes.length)
  })
})

test('what is no text on standard input is not appended', async () => {
  const { engine, entry, read } = await makeLogged()
  const before = await read()
  const invocation = {
    arguments: [],
    options: {},
    cwd: entry.worktree.path,
    env: engine.env,
    signal: new AbortController().signal,
    json: false,
    yes: false,
    dryRun: false,
    interactive: false,
    screen: new RecordingScreen(80),
    input: async () => Buffer.from([0x41, 0xff]),
  }
  await expect(appendLog(invocation, 'plan')).rejects.toMatchObject({ code: 'NO_TEXT', exitStatus: 2 })
  expect(await read()).toBe(before)
})

test('the time of a sync goes into the header alone', () => {
  const line = '- Last synced with main: '
  expect(withSyncTime(`# S\r\n${line}1\r\n\r\n## Plan\r\n${line}never\r\n`, 'main', '2')).toBe(
    `# S\r\n${line}2\r\n\r\n## Plan\r\n${line}never\r\n`,
  )
  const without = `# S\n\n## Plan\n\n${line}never\n`
  expect(withSyncTime(without, 'main', '2')).toBe(without)
})
