import { type FlightRulesError, exitStatus } from '../errors.ts'
import type { Outcome } from '../commands/command.ts'
import { renderError, renderFinding } from '../ui/error-view.ts'
import { removePaint } from '../ui/paint.ts'
import { askChoice, askText } from '../ui/prompt.ts'
import { TerminalScreen } from '../ui/terminal-screen.ts'
import { commandTable } from './command-table.ts'
import { requireDirectory } from './directory.ts'
import { type Envelope, failureEnvelope, answerEnvelope } from './envelope.ts'
import { Interruption } from './interruption.ts'
import { type ParsedCommandLine, parseCommandLine } from './parse-command-line.ts'
import { readInput } from './read-input.ts'
import { readObject } from './read-object.ts'
import { runCommand } from './run-command.ts'
import { fullStack, toFlightRulesError } from './unexpected-error.ts'
import { version } from './version.ts'

/** Runs the command line. The only place that looks at the process and sets its exit status. */
export async function main(argv: readonly string[]): Promise<void> {
  surviveClosedPipes()
  const columns = Math.min(process.stdout.columns || 80, 100)
  const parsed = parseCommandLine(argv, commandTable, { version, columns })
  const flags = parsed.kind === 'command' ? parsed.globals : scanFlags(argv)
  const screen = new TerminalScreen({ stdout: process.stdout, stderr: process.stderr, env: process.env, ...flags })
  const interruption = new Interruption()
  interruption.listen(process, () => screen.warn('still stopping; once more ends it at once'))
  let status: number = exitStatus.failed
  try {
    const outcome = await carryOut(parsed, screen, interruption)
    status = outcome.exitStatus ?? outcome.failure?.exitStatus ?? 0
    if (flags.json) {
      printJson(answerEnvelope(parsed.name, outcome))
    } else {
      outcome.view?.(screen)
      for (const finding of outcome.findings ?? []) screen.warn(renderFinding(finding, screen.paint))
    }
  } catch (caught) {
    const error = interruption.happened ? interruption.toError(caught) : toFlightRulesError(caught)
    status = error.exitStatus
    printError(parsed.name, error, flags, screen)
  } finally {
    interruption.stop(process)
  }
  process.exitCode = status
  // A stopped command may have left timers and children behind that nobody waits for.
  if (interruption.happened) process.exit(status)
}

async function carryOut(parsed: ParsedCommandLine, screen: TerminalScreen, interruption: Interruption): Promise<Outcome> {
  if (parsed.kind === 'mistake') throw parsed.error
  if (parsed.kind === 'text') return { data: { text: removePaint(parsed.text) }, view: () => screen.answer(parsed.text) }
  const { directories, json, yes, dryRun } = parsed.globals
  const { signal } = interruption
  return runCommand(
    parsed.spec,
    {
      arguments: parsed.arguments,
      options: parsed.options,
      cwd: await requireDirectory(() => process.cwd(), directories),
      env: process.env,
      signal,
      json,
      yes,
      dryRun,
      interactive: process.stdin.isTTY && process.stderr.isTTY && !json && !isSet(process.env['CI']),
      screen,
      input: process.stdin.isTTY ? undefined : (limit) => readInput(process.stdin, limit, signal),
      object: (patience) => readObject(process.stdin, patience).finally(() => process.stdin.destroy()),
    },
    { choice: (question, choices) => askChoice(question, choices, signal), text: (question) => askText(question, signal) },
  )
}

function printError(command: string, error: FlightRulesError, flags: ReturnType<typeof scanFlags>, screen: TerminalScreen): void {
  const stack = flags.verbose || isSet(process.env['FLIGHTRULES_DEBUG']) ? fullStack(error) : undefined
  if (flags.json) {
    printJson(failureEnvelope(command, error, stack))
    return
  }
  screen.warn(renderError(error, screen.paint))
  if (stack !== undefined) screen.warn(screen.paint.dim(stack))
}

/** The flags that shape the output, also when the rest of the line could not be read. */
function scanFlags(argv: readonly string[]): { json: boolean; quiet: boolean; verbose: boolean; color: boolean } {
  const end = argv.indexOf('--')
  const ours = end === -1 ? argv : argv.slice(0, end)
  return {
    json: ours.includes('--json'),
    quiet: ours.includes('--quiet') || ours.includes('-q'),
    verbose: ours.includes('--verbose'),
    color: !ours.includes('--no-color'),
  }
}

function printJson(document: Envelope): void {
  process.stdout.write(`${JSON.stringify(document, null, process.stdout.isTTY ? 2 : 0)}\n`)
}

/** A reader that has seen enough (`| head -1`) or a terminal that is gone is no reason to stop half-way. */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    })
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false'
}
