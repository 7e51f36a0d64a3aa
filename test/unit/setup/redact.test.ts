import { expect, test } from 'vitest'
import { Redactor } from '../../../src/setup/redact.ts'

function redact(secrets: string[], ...chunks: string[]): string {
  const redactor = new Redactor(secrets)
  return chunks.map((chunk) => redactor.push(chunk)).join('') + redactor.flush()
}

test('a secret is found however the text is cut', () => {
  const text = 'a abcabcabc b abcabcabX'
  for (let at = 0; at <= text.length; at += 1) {
    expect(redact(['abcabcabc'], text.slice(0, at), text.slice(at))).toBe('a [redacted] b abcabcabX')
  }
})

test('of two secrets that begin the same the longer is taken out whole', () => {
  expect(redact(['password1', 'password123'], 'password1', '23 password12')).toBe('[redacted] [redacted]2')
})

test('short values stay, and text without secrets is not held back', () => {
  expect(new Redactor(['secret']).push('a secret')).toBe('a secret')
  expect(new Redactor(['long secret']).push('progress 10%')).toBe('progress 10%')
})
