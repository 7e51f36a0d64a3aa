import * as z from 'zod'
import { quoteForShell } from '../../../files/quote-for-shell.ts'
import { findContainedPath } from '../../../setup/contained-path.ts'
import { type Taken, leaveRun } from './taken.ts'

const lines = z.array(z.string())

/** https://github.com/superset-sh/superset, `.superset/config.json`. */
export const supersetShape = z.looseObject({
  setup: lines.optional(),
  teardown: lines.optional(),
  run: lines.optional(),
  cwd: z.string().optional(),
})

export function takeSuperset({ setup = [], teardown = [], run = [], cwd = '' }: z.infer<typeof supersetShape>): Taken {
  const folder = cwd === '' || cwd === '.' || cwd === './' ? '' : findContainedPath(cwd)
  const inFolder = (commands: readonly string[]): string[] =>
    commands
      .map((line) => line.trim())
      .filter((line) => line !== '' && folder !== undefined)
      .map((line) => (folder === '' ? line : `cd ${quoteForShell(folder ?? '')} && ${line}`))
  return {
    setup: inFolder(setup),
    teardown: inFolder(teardown),
    ports: {},
    left: [
      ...(folder === undefined ? [{ what: `setup and teardown in ${cwd}`, why: 'that leads out of the repository' }] : []),
      ...leaveRun(run),
    ],
  }
}
