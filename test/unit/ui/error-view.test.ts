import { expect, test } from 'vitest'
import { renderError, renderFinding } from '../../../src/ui/error-view.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'

const { paint } = new RecordingScreen()

test('a decision names what happened, the way on, and the flags in one column', () => {
  const text = renderError(
    {
      kind: 'decision',
      message: 'the main worktree has changes in 2 files',
      hint: 'say what is to happen to them',
      choices: [
        { flag: '--stash', label: 'Stash them' },
        { flag: '--commit <message>', label: 'Commit them first' },
      ],
    },
    paint,
  )
  expect(text).toMatchInlineSnapshot(`
    "stopped: the main worktree has changes in 2 files
      say what is to happen to them

      --stash             Stash them
      --commit <message>  Commit them first"
  `)
})

test('a message with a path of several lines cannot act on the terminal and stays indented', () => {
  expect(renderError({ kind: 'failed', message: 'git said:\nbad \u001b[2Jname', choices: [] }, paint)).toBe(
    'error: git said:\n  bad \\x1b[2Jname',
  )
})

test('a finding is one line with its hint', () => {
  expect(renderFinding({ code: 'BEHIND', message: 'main is 3\nahead', hint: 'flightrules sync' }, paint)).toBe(
    'note: main is 3\\nahead (flightrules sync)',
  )
})
