import { expect, test } from 'vitest'
import { findStateDirectory } from '../../../src/config/state-directory.ts'

test('XDG_STATE_HOME goes before HOME', () => {
  expect(findStateDirectory({ XDG_STATE_HOME: '/state', HOME: '/home/ada' }, 'linux')).toBe('/state/flightrules')
  expect(findStateDirectory({ HOME: '/home/ada' }, 'linux')).toBe('/home/ada/.local/state/flightrules')
  expect(findStateDirectory({ HOME: '/Users/ada' }, 'darwin')).toBe('/Users/ada/.local/state/flightrules')
})

test('a relative or an empty path says nothing', () => {
  expect(findStateDirectory({ XDG_STATE_HOME: 'state', HOME: '/home/ada' }, 'linux')).toBe('/home/ada/.local/state/flightrules')
  expect(findStateDirectory({ XDG_STATE_HOME: '', HOME: '.' }, 'linux')).toBeUndefined()
})

test('where nothing says, there is none', () => {
  expect(findStateDirectory({}, 'linux')).toBeUndefined()
  expect(findStateDirectory({ LOCALAPPDATA: '/not/windows' }, 'linux')).toBeUndefined()
})

test('on Windows it is the local application data', () => {
  expect(findStateDirectory({ LOCALAPPDATA: '/c/Local', USERPROFILE: '/c/ada' }, 'win32')).toBe('/c/Local/flightrules')
  expect(findStateDirectory({ USERPROFILE: '/c/ada' }, 'win32')).toBe('/c/ada/.local/state/flightrules')
})
