import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { Interruption } from '../../../src/cli/interruption.ts'

function makeProcess() {
  const exit = vi.fn()
  return { process: Object.assign(new EventEmitter(), { exit }) as unknown as NodeJS.Process, exit }
}

test.each([
  ['SIGINT', 'INTERRUPTED', 130],
  ['SIGTERM', 'TERMINATED', 143],
  ['SIGHUP', 'TERMINATED', 143],
] as const)('%s asks the work to stop and ends with %s', (signal, code, status) => {
  const { process, exit } = makeProcess()
  const interruption = new Interruption()
  interruption.listen(process, () => {})
  expect(interruption.happened).toBe(false)
  process.emit(signal)
  expect(interruption.signal.aborted).toBe(true)
  expect(interruption.toError()).toMatchObject({ code, exitStatus: status })
  expect(exit).not.toHaveBeenCalled()
})

test('the second one ends the process at once', () => {
  const { process, exit } = makeProcess()
  new Interruption().listen(process, () => {})
  process.emit('SIGINT')
  process.emit('SIGINT')
  expect(exit).toHaveBeenCalledExactlyOnceWith(130)
})

test('nothing listens any more after the work', () => {
  const { process } = makeProcess()
  const interruption = new Interruption()
  interruption.listen(process, () => {})
  interruption.stop(process)
  expect(process.eventNames()).toEqual([])
})
