import * as z from 'zod'
import { checkRelativePath } from '../../../config/safe-values.ts'
import { type Left, type Taken, leaveRun, portsInARow, toCommands } from './taken.ts'

/** https://github.com/generalaction/emdash, `.emdash.json`. */
export const emdashShape = z.looseObject({
  preservePatterns: z.array(z.string()).optional(),
  shellSetup: z.string().optional(),
  scripts: z
    .looseObject({ setup: z.string().optional(), run: z.string().optional(), teardown: z.string().optional() })
    .optional(),
})

export function takeEmdash({ preservePatterns, shellSetup, scripts = {} }: z.infer<typeof emdashShape>): Taken {
  const isUsable = (pattern: string): boolean => checkRelativePath(pattern) === undefined
  const left: Left[] = (preservePatterns ?? [])
    .filter((pattern) => !isUsable(pattern))
    .map((pattern) => ({ what: `preservePatterns: ${pattern}`, why: checkRelativePath(pattern) ?? '' }))
  if (shellSetup !== undefined && shellSetup.trim() !== '')
    left.push({ what: `shellSetup: ${shellSetup.trim()}`, why: 'Flight Rules opens no shells' })
  return {
    setup: toCommands(scripts.setup),
    teardown: toCommands(scripts.teardown),
    ...(preservePatterns === undefined ? {} : { envFiles: preservePatterns.filter(isUsable) }),
    ports: { EMDASH_PORT: portsInARow(1) },
    left: [...left, ...leaveRun(scripts.run === undefined ? [] : [scripts.run])],
  }
}
