import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withProgress } from '../../../src/ui/progress.ts'
import type { Screen } from '../../../src/ui/screen.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function makeScreen(): { screen: Screen; lines: string[] } {
  const lines: string[] = []
  return { screen: Object.assign(new RecordingScreen(), { status: (text: string) => void lines.push(text) }), lines }
}

async function waitWhileWorking(milliseconds: number, screen: Screen): Promise<string> {
  const work = withProgress(
    screen,
    'copying',
    () => new Promise<string>((resolve) => setTimeout(() => resolve('done'), milliseconds)),
  )
  await vi.advanceTimersByTimeAsync(milliseconds)
  return work
}

test('what is quick says nothing', async () => {
  const { screen, lines } = makeScreen()
  expect(await waitWhileWorking(400, screen)).toBe('done')
  expect(lines).toEqual([''])
})

test('what takes longer says what it is, and the line is taken away', async () => {
  const { screen, lines } = makeScreen()
  await waitWhileWorking(900, screen)
  expect(lines.some((line) => line.endsWith(' copying'))).toBe(true)
  expect(lines.at(-1)).toBe('')
})

test('the line goes when the work fails, too', async () => {
  const { screen, lines } = makeScreen()
  await expect(withProgress(screen, 'x', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(lines).toEqual([''])
})
