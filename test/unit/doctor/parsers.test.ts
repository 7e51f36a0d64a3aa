import { expect, test } from 'vitest'
import { judgeRoom } from '../../../src/doctor/checks/disk-space.ts'
import { parseAnswer } from '../../../src/doctor/hooks/ask-hooks.ts'
import { parseListening } from '../../../src/doctor/ports/listening.ts'
import { findFlag, findSetting, parseSettings } from '../../../src/doctor/settings.ts'
import { formatBytes } from '../../../src/ui/bytes.ts'

test('settings: the last value counts, a key alone is true, other words are no truth value', () => {
  const settings = parseSettings(
    'global\0file:/home/.gitconfig\0core.bare\ntrue\0local\0file:.git/config\0core.bare\nfalse\0local\0file:.git/config\0merge.autostash\0local\0file:.git/config\0core.fsmonitor\nwatch me\nnow\0',
  )
  expect(findSetting(settings, 'core.bare')).toEqual({ value: 'false', scope: 'local', origin: 'file:.git/config' })
  expect(settings.get('core.bare')).toHaveLength(2)
  expect(findFlag(settings, 'merge.autostash')).toBe(true)
  expect(findSetting(settings, 'core.fsmonitor')?.value).toBe('watch me\nnow')
  expect(findFlag(settings, 'core.fsmonitor')).toBeUndefined()
  expect(findFlag(settings, 'not.there')).toBeUndefined()
  expect(parseSettings('').size).toBe(0)
})

test('the answer of a hook is found among what others print, and only to our own question', () => {
  expect(parseAnswer('husky\nflightrules-doctor word pre-push\n/p/flightrules\n\nbye\n', 'word pre-push')).toEqual({
    kind: 'fired',
    program: '/p/flightrules',
    script: null,
  })
  expect(parseAnswer('flightrules-doctor word pre-push\n\n\n', 'word pre-push')).toMatchObject({ kind: 'fired', program: null })
  expect(parseAnswer('flightrules-doctor other pre-push\n/p\n\n', 'word pre-push').kind).toBe('silent')
  expect(parseAnswer('one\ntwo\nthree\nfour\n', 'word pre-push')).toEqual({ kind: 'silent', said: 'two three four' })
})

test('listening sockets of old protocol and new, and nothing that is only connected', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0000 100 0 0 10 0
   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 77 1
   2: 0100007F:0BBA 0100007F:A001 01 00000000:00000000 00:00000000 00000000  1000        0 4243 1
`
  expect(parseListening(table)).toEqual([
    { port: 3001, inode: '4242' },
    { port: 8080, inode: '77' },
  ])
  expect(parseListening('')).toEqual([])
})

test('free room: enough, little, too little, too few files', () => {
  const at = (bytes: number, files = Infinity): string => judgeRoom('the repository', '/r', { bytes, files }).status
  expect([at(5e9), at(5e8), at(5e7), at(5e9, 12)]).toEqual(['ok', 'warn', 'fail', 'warn'])
})

test('sizes for people', () => {
  expect([0, 812, 1500, 78e9, 5e15].map(formatBytes)).toEqual(['0 bytes', '812 bytes', '1.5 KB', '78 GB', '5000 TB'])
})
