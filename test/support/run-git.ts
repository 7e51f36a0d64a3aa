import type { TestRepository } from './repository.ts'
import { type CliResult, runProgram } from './run-cli.ts'

/** Runs git as a person does and gives what they see, whatever it ends with. */
export function runGit(
  project: TestRepository,
  args: readonly string[],
  cwd = project.path,
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return runProgram('git', args, { cwd, env: { ...project.env, ...env } })
}
