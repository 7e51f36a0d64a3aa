import { describe, expect, test } from 'vitest'
import {
  checkBranch,
  checkBranchPrefix,
  checkRelativeFile,
  checkRelativePath,
  checkSessionsDir,
  checkVariableName,
  findTemplates,
} from '../../../src/config/safe-values.ts'

describe('a glob', () => {
  test.each(['.env', '.env.*.local', 'apps/*/.env', '**/.env', '!.env.test', '.gitconfig.local', 'a..b/.env'])(
    'may be %s',
    (glob) => {
      expect(checkRelativePath(glob)).toBeUndefined()
    },
  )
  test.each([
    '../.env',
    'a/../../.env',
    '/etc/passwd',
    'C:/x',
    '\\\\host\\x',
    '~/.env',
    '.git/config',
    'a/.GIT/x',
    '{..,a}/.env',
    '@(.git|x)/y',
    '',
    '!',
    'a\nb',
  ])('may not be %j', (glob) => {
    expect(checkRelativePath(glob)).toBeTypeOf('string')
  })
})

describe('the file for ports and variables', () => {
  test.each(['.env.local', 'config/dev.env'])('may be %s', (file) => {
    expect(checkRelativeFile(file)).toBeUndefined()
  })
  test.each(['.env*', 'config/', '.', 'a\\b', '../.env', '/tmp/x'])('may not be %j', (file) => {
    expect(checkRelativeFile(file)).toBeTypeOf('string')
  })
})

describe('the sessions directory', () => {
  test.each(['../{project}-sessions', '.sessions', '/srv/sessions', '../a b'])('may be %s', (directory) => {
    expect(checkSessionsDir(directory)).toBeUndefined()
  })
  test.each(['', ' ', '.', '..', './', '../..', '~/x', '.git/sessions', '../{branch}'])('may not be %j', (directory) => {
    expect(checkSessionsDir(directory)).toBeTypeOf('string')
  })
})

describe('a branch', () => {
  test.each(['', 'session/', 'a-', 'x/y/', 'feature.'])('prefix may be %j', (prefix) => {
    expect(checkBranchPrefix(prefix)).toBeUndefined()
  })
  test.each(['-a', 'a b', 'a..b', '/x', 'a//b', '.a/', 'a.lock/', 'a~', 'a@{', 'a:b', 'a\\b'])(
    'prefix may not be %j',
    (prefix) => {
      expect(checkBranchPrefix(prefix)).toBeTypeOf('string')
    },
  )
  test.each(['', 'HEAD', '@', 'a/', 'a.', 'a.lock', '-x'])('may not be %j', (branch) => {
    expect(checkBranch(branch)).toBeTypeOf('string')
  })
})

describe('a variable', () => {
  test.each(['PORT', '_x', 'api_port2', 'ENVIRONMENT', 'PATHS'])('may be called %s', (name) => {
    expect(checkVariableName(name)).toBeUndefined()
  })
  test.each([
    'a-b',
    '1A',
    '',
    'A B',
    'ÄÖ',
    'FLIGHTRULES_X',
    'GIT_DIR',
    'PATH',
    'Path',
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'DYLD_INSERT_LIBRARIES',
    'BASH_ENV',
  ])('may not be called %j', (name) => {
    expect(checkVariableName(name)).toBeTypeOf('string')
  })
})

test('templates are names in braces, not the shell’s variables', () => {
  expect(findTemplates('postgres://{project}_{session_snake}/${HOME}/{a,b}/{}')).toEqual(['project', 'session_snake'])
})
