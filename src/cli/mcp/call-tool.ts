import { isAbsolute } from 'node:path'
import type * as z from 'zod'
import { FlightRulesError } from '../../errors.ts'
import { type Envelope, failureEnvelope } from '../envelope.ts'
import { toFlightRulesError } from '../unexpected-error.ts'
import { requirePlace } from './require-place.ts'
import { type OwnProgram, runOwnCommand } from './run-own-command.ts'
import type { Tool } from './tool.ts'

/** What a tool is called with from outside: nothing in it is trusted. */
export interface ToolCall {
  readonly tool: Tool
  readonly input: unknown
  readonly signal: AbortSignal
}

/** Carries a tool out as its command line would be, and gives the very document of `--json`. Nobody is asked anything. */
export async function callTool({ tool, input, signal }: ToolCall, program: OwnProgram): Promise<Envelope> {
  try {
    const read = tool.input.safeParse(input ?? {})
    if (!read.success) throw badInput(tool, read.error)
    const { directory, ...rest } = read.data
    const cwd = await requirePlace(program.cwd, requireAbsolute(tool, directory))
    return await runOwnCommand(tool.toArgv(rest), { ...program, cwd }, signal)
  } catch (error) {
    return failureEnvelope(tool.name, toFlightRulesError(error))
  }
}

function requireAbsolute(tool: Tool, directory: unknown): string | undefined {
  if (typeof directory !== 'string') return undefined
  if (isAbsolute(directory) && !directory.includes('\0')) return directory
  throw usage(tool, `directory has to be an absolute path, not ${JSON.stringify(directory)}`)
}

function badInput(tool: Tool, error: z.ZodError): FlightRulesError {
  const problems = error.issues.map(({ path, message }) => `${path.length === 0 ? 'input' : path.join('.')}: ${message}`)
  return usage(tool, problems.join('; '))
}

function usage(tool: Tool, problem: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `the tool ${tool.name} was called wrongly, and nothing was done: ${problem}`,
    hint: 'its schema is in the list of tools',
    details: { tool: tool.name },
  })
}
