import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseScript } from '../../src/agents/shell/parse.ts'
import { findLiteral } from '../../src/agents/shell/script.ts'
import { listRuns } from '../../src/agents/shell/walk.ts'
import { quoteForShell } from '../../src/files/quote-for-shell.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

const bits = fc.constantFrom(
  'rm',
  ' -rf ',
  ' ',
  '\n',
  ';',
  '&&',
  '||',
  '|',
  '&',
  '(',
  ')',
  '{',
  '}',
  '$(',
  '`',
  '"',
  "'",
  '\\',
  '$',
  '${',
  '<<EOF\n',
  'EOF',
  '>',
  '<(',
  '((',
  '#',
  '*',
  '[',
  ']',
  '~',
  '/',
  'cd',
  'x',
  '=',
  'é',
  '\u{1f600}',
  'bash -c ',
  'eval ',
  'find . -exec ',
)
const script = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.array(bits, { maxLength: 40 }).map((parts) => parts.join('')),
)

test('any text at all is taken apart, in either dialect, and every shell that is opened is closed', () => {
  fc.assert(
    fc.property(script, fc.constantFrom('posix' as const, 'powershell' as const), (text, dialect) => {
      let depth = 0
      for (const step of parseScript(text, dialect)) {
        if (step.kind === 'open') depth += 1
        if (step.kind === 'close') depth -= 1
        expect(depth).toBeGreaterThanOrEqual(0)
      }
      expect(depth).toBe(0)
      listRuns({ script: text, dialect, cwd: '/w', variables: {}, isThere: () => true })
    }),
    { numRuns: 2_000 },
  )
})

test('words that were quoted come out as they were', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.array(bits, { maxLength: 5 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(
      fc.array(
        word.map((text) => text.replaceAll(/[\0\r]/g, '')),
        { maxLength: 5 },
      ),
      (words) => {
        const [run] = listRuns({
          script: ['run', ...words.map(quoteForShell)].join(' '),
          dialect: 'posix',
          cwd: '/w',
          variables: {},
          isThere: () => true,
        })
        expect(run?.args.map(findLiteral)).toEqual(words)
      },
    ),
  )
})

test.skipIf(process.platform === 'win32')('words are what a real shell makes of them, where it can be known', async () => {
  // a redirection among the pieces makes files
  const cwd = await makeTemporaryDirectory('words')
  const piece = fc.constantFrom(
    "'",
    '"',
    '\\',
    ' ',
    'a',
    'b;',
    '$D',
    '${D}',
    '#',
    '|',
    '&&',
    '=',
    '-',
    "\\'",
    '\\"',
    '\n',
    '(',
    ')',
    '{',
    '}',
    '2>&1',
    '<<E\nE\n',
    '$(echo q)',
  )
  const shell = "p() { printf P; for word; do printf '\\001%s' \"$word\"; done; printf '\\002'; }; D=dd"
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const script = `p ${pieces.join('')}`
      const { status, stdout, stderr } = spawnSync('sh', ['-c', `${shell}\n${script}`], { cwd, encoding: 'utf8' })
      // what is no script has no words
      fc.pre(status === 0 && stderr === '' && stdout.startsWith('P'))
      const runs = listRuns({ script, dialect: 'posix', cwd: '/w', variables: { D: 'dd' }, isThere: () => true })
      const texts = runs.filter(({ name }) => name === 'p').map(({ args }) => args.map(findLiteral))
      fc.pre(!texts.flat().includes(undefined))
      expect(texts.map((words) => `P${words.map((word) => `\u0001${word}`).join('')}\u0002`).join('')).toBe(stdout)
    }),
    { numRuns: 60, maxSkipsPerRun: 200 },
  )
})
