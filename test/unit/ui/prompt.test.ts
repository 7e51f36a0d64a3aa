import { PassThrough } from 'node:stream'
import { isCancel, text } from '@clack/prompts'
import { expect, test } from 'vitest'
import { heedInterrupt } from '../../../src/ui/prompt.ts'

function ask(key: string): Promise<string | symbol> {
  const input = new PassThrough()
  const asked = heedInterrupt(input, () => text({ message: 'name', input, output: new PassThrough() }))
  input.write(key)
  return asked
}

test('Ctrl-C at a question interrupts, which is no answer', async () => {
  await expect(ask('\u0003')).rejects.toMatchObject({ code: 'INTERRUPTED', exitStatus: 130 })
})

test('Escape is an answer: to stop', async () => {
  expect(isCancel(await ask('\u001b'))).toBe(true)
})

test('an answer is an answer', async () => {
  expect(await ask('cc\r')).toBe('cc')
})
