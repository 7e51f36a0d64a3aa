import type { CommandSpec, Invocation, Outcome } from '../commands/command.ts'
import { FlightRulesError } from '../errors.ts'
import { type Asker, decide } from './decide.ts'

/** So that two refusals pointing at each other do not ask for ever. */
const mostQuestions = 8

/**
 * Runs a command; a decision it needs is asked where there is somebody to ask, and the command run again with the answer.
 * With `--yes` nobody is asked: a refusal has no safe default.
 */
export async function runCommand(spec: CommandSpec, invocation: Invocation, asker: Asker): Promise<Outcome> {
  if (spec.run === undefined) throw new Error(`the command ${spec.name} has nothing to run`)
  let current = invocation
  for (let questions = 0; ; questions += 1) {
    try {
      return await spec.run(current)
    } catch (error) {
      const canAsk = current.interactive && !current.yes && questions < mostQuestions && !current.signal.aborted
      if (!(error instanceof FlightRulesError) || error.kind !== 'decision' || !canAsk) throw error
      const decided = await decide(error, spec, current, asker)
      if (decided === undefined) throw error
      current = { ...current, ...decided, answered: true }
    }
  }
}
