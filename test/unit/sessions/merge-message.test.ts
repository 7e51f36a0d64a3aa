import { expect, test } from 'vitest'
import type { Commit } from '../../../src/git/log.ts'
import { mergeMessage } from '../../../src/sessions/end/merge-message.ts'
import { makeSessionRecord } from './session-record.ts'

function commits(...messages: string[]): Commit[] {
  const person = { name: 'A', email: 'a@example.invalid' }
  // newest first, as git tells them
  return messages
    .map((message, index) => ({
      oid: String(index).repeat(40),
      tree: '',
      parents: [''],
      author: person,
      authorDate: '',
      message,
    }))
    .toReversed()
}

test('a squash lists the commits, and keeps their trailers, each once and unfolded', () => {
  const message = mergeMessage({ ...makeSessionRecord(), id: 'auth', goals: ['Add  the\nlogin'] }, 'squash', [
    ...commits(
      'one\n\ntext: that is: no trailer\nreally\n\nCloses: #7\nSigned-off-by: A <a@example.invalid>\n',
      '',
      'two\n\nSigned-off-by: A <a@example.invalid>\nChange-Id: I1234\nLong-one: begins\n  and goes on\n',
      'Subject: like a trailer',
    ),
  ])
  expect(message).toBe(
    [
      'Add the login',
      '',
      '* one',
      `* ${'1'.repeat(12)} (no message)`,
      '* two',
      '* Subject: like a trailer',
      '',
      'Closes: #7',
      'Signed-off-by: A <a@example.invalid>',
      'Long-one: begins and goes on',
      '',
    ].join('\n'),
  )
})

test('without a goal the title is that of its one commit, else the name', () => {
  const session = { ...makeSessionRecord(), id: 'auth', goals: [' '] }
  expect(mergeMessage(session, 'squash', commits('only one\n'))).toBe('only one\n\n* only one\n')
  expect(mergeMessage(session, 'squash', commits('one', 'two'))).toBe('auth\n\n* one\n* two\n')
  expect(mergeMessage(session, 'squash', commits(''))).toMatch(/^auth\n\n\* 0{12} /)
})
