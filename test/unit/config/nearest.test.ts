import { expect, test } from 'vitest'
import { findNearest } from '../../../src/config/nearest.ts'

const keys = ['sessionsDir', 'branchPrefix', 'base', 'envFiles', 'env', 'end', 'envOut']

test.each([
  ['sesionsDir', 'sessionsDir'],
  ['sessions_dir', 'sessionsDir'],
  ['branch-prefix', 'branchPrefix'],
  ['bsae', 'base'],
  ['envfiles', 'envFiles'],
])('%s was meant to be %s', (typed, meant) => {
  expect(findNearest(typed, keys)).toBe(meant)
})

test.each(['telemetry', 'x', ''])('%j is like nothing there is', (typed) => {
  expect(findNearest(typed, keys)).toBeUndefined()
})
