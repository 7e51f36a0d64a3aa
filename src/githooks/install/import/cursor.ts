import * as z from 'zod'
import { quoteForShell } from '../../../files/quote-for-shell.ts'
import { findContainedPath } from '../../../setup/contained-path.ts'
import type { Taken } from './taken.ts'

const setup = z.union([z.string(), z.array(z.string())])

/** https://cursor.com/docs/configuration/worktrees.md */
export const cursorShape = z.looseObject({
  'setup-worktree': setup.optional(),
  'setup-worktree-unix': setup.optional(),
  'setup-worktree-windows': setup.optional(),
})

/** The commands for macOS and Linux: our config is for everybody, and runs them with sh. */
export function takeCursor(content: z.infer<typeof cursorShape>): Taken {
  const value = content['setup-worktree-unix'] ?? content['setup-worktree'] ?? []
  const windows = content['setup-worktree-windows']
  const script = typeof value === 'string' ? findContainedPath(value) : undefined
  const commands = typeof value === 'string' ? [] : value.map((line) => line.trim()).filter((line) => line !== '')
  return {
    setup: script === undefined ? commands : [`bash ${quoteForShell(`.cursor/${script}`)}`],
    teardown: [],
    ports: {},
    left: [
      ...(typeof value === 'string' && value !== '' && script === undefined
        ? [{ what: `setup-worktree: ${value}`, why: 'it leads out of .cursor' }]
        : []),
      ...(windows === undefined
        ? []
        : [{ what: 'setup-worktree-windows', why: 'postCreateHook has no commands for one system only' }]),
    ],
  }
}
