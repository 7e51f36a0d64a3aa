import { expect, test } from 'vitest'
import { conversationLockReason, isConversationLock, isOwnLock, lockReason } from '../../../src/sessions/lock-reason.ts'

test('our locks are known by their words, whatever session they name', () => {
  for (const id of ['auth', 'cursor-fix', 'a.b_c', 'x']) {
    expect([isOwnLock(lockReason(id)), isConversationLock(lockReason(id))]).toEqual([true, false])
    // git writes a line end after it
    expect([isOwnLock(`${conversationLockReason(id)}\n`), isConversationLock(conversationLockReason(id))]).toEqual([true, true])
  }
})

test.each([
  '',
  'mine',
  'claude agent a1 (pid 1)',
  'flightrules session',
  'flightrules session auth',
  'flightrules session auth; end it with: flightrules end other',
  'flightrules session auth; end it with: flightrules end auth, please',
])('%j is somebody else’s', (reason) => {
  expect(isOwnLock(reason)).toBe(false)
})
