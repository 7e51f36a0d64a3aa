import { expect, test } from 'vitest'
import { TerminalScreen, type TerminalScreenOptions } from '../../../src/ui/terminal-screen.ts'

class FakeStream {
  written = ''
  readonly isTTY: boolean
  readonly columns = 100
  constructor(isTTY: boolean) {
    this.isTTY = isTTY
  }
  write(text: string): void {
    this.written += text
  }
}

function makeScreen(options: Partial<Omit<TerminalScreenOptions, 'stdout' | 'stderr'>> & { out?: boolean; err?: boolean } = {}) {
  const stdout = new FakeStream(options.out ?? true)
  const stderr = new FakeStream(options.err ?? true)
  const screen = new TerminalScreen({ env: {}, json: false, quiet: false, color: true, ...options, stdout, stderr })
  return { screen, stdout, stderr }
}

test('the answer goes to standard output, everything else to standard error', () => {
  const { screen, stdout, stderr } = makeScreen()
  screen.answer('a')
  screen.note('b')
  screen.warn('c')
  screen.stream('d')
  expect([stdout.written, stderr.written]).toEqual(['a\n', 'b\nc\nd'])
})

test('quiet leaves out notes only', () => {
  const { screen, stdout, stderr } = makeScreen({ quiet: true })
  screen.answer('a')
  screen.note('b')
  screen.warn('c')
  expect([stdout.written, stderr.written]).toEqual(['a\n', 'c\n'])
})

test('under --json standard output is left to the document', () => {
  const { screen, stdout, stderr } = makeScreen({ json: true })
  screen.answer('a')
  screen.note('b')
  expect([stdout.written, stderr.written]).toEqual(['', ''])
})

test.each([
  [{}, true],
  [{ color: false }, false],
  [{ env: { NO_COLOR: '1' } }, false],
  [{ env: { NO_COLOR: '' } }, true],
  [{ env: { TERM: 'dumb' } }, false],
  [{ out: false, err: false }, false],
  [{ out: false, err: false, env: { FORCE_COLOR: '1' } }, true],
  [{ env: { FORCE_COLOR: '0' } }, false],
  [{ env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, false],
])('colour with %j: %s', (options, expected) => {
  const { screen, stdout } = makeScreen(options)
  screen.answer(screen.paint.red('x'))
  expect(stdout.written.includes('\u001b')).toBe(expected)
})

test('a pipe gets no colour even when the other stream is a terminal', () => {
  const { screen, stdout, stderr } = makeScreen({ out: false })
  screen.answer(screen.paint.bold('x'))
  screen.note(screen.paint.bold('y'))
  expect(stdout.written).toBe('x\n')
  expect(stderr.written).toContain('\u001b[1m')
})

test('the status line is taken away before anything else is written', () => {
  const { screen, stdout, stderr } = makeScreen()
  screen.status('waiting')
  screen.answer('a')
  expect(stderr.written).toBe('\r\u001b[2Kwaiting\r\u001b[2K')
  expect(stdout.written).toBe('a\n')
})

test('there is no status line without a terminal', () => {
  const { screen, stderr } = makeScreen({ err: false })
  screen.status('waiting')
  expect(stderr.written).toBe('')
})

test.each([true, false])('what others wrote never acts on the terminal, with colour %s', (color) => {
  const { screen, stdout, stderr } = makeScreen({ color })
  screen.answer('goal \u001b[31mred')
  screen.warn('path \u001b[1mbold')
  expect([stdout.written, stderr.written]).toEqual(['goal \\x1b[31mred\n', 'path \\x1b[1mbold\n'])
})

test('data for another program stays as it is, and is written out on a terminal', () => {
  const text = '/a\u001b[31mb\ufdd0/c'
  const piped = makeScreen({ out: false })
  piped.screen.data(text)
  expect(piped.stdout.written).toBe(`${text}\n`)
  const shown = makeScreen()
  shown.screen.data(text)
  expect(shown.stdout.written).toBe('/a\\x1b[31mb\\ufdd0/c\n')
})

test("the output of a project's own command keeps its colours", () => {
  const { screen, stderr } = makeScreen({ err: false })
  screen.stream('\u001b[31mred\u001b[0m')
  expect(stderr.written).toBe('\u001b[31mred\u001b[0m')
})
