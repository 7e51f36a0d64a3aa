import { FlightRulesError } from '../errors.ts'

/** One thing that is wrong with a configuration. */
export interface Problem {
  /** Dotted path of the key, '' for the whole. */
  readonly path: string
  /** What is wrong and what is allowed, to be read after the path. */
  readonly message: string
  /** The nearest valid key or value. */
  readonly suggestion?: string
}

const mostShown = 50

/** All problems of one file, as the one error a person sees. */
export function invalidConfig(file: string, problems: readonly Problem[]): FlightRulesError {
  const rest = problems.length > mostShown ? `\n  … and ${problems.length - mostShown} more` : ''
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new FlightRulesError({
    kind: 'usage',
    code: 'CONFIG_INVALID',
    message: `${file} has ${count}:\n${problems.slice(0, mostShown).map(describeProblem).join('\n')}${rest}`,
    hint: `correct ${file}; \`flightrules config schema\` prints everything that is allowed`,
    details: { file, problems: problems.slice(0, mostShown) },
  })
}

/** The configuration could not be read or evaluated at all. */
export function failedConfig(
  file: string,
  line: number | undefined,
  reason: string,
  code: 'CONFIG_FAILED' | 'CONFIG_TIMEOUT' = 'CONFIG_FAILED',
): FlightRulesError {
  const where = line === undefined ? file : `${file}:${line}`
  return new FlightRulesError({
    kind: 'usage',
    code,
    message: `${where}: ${reason}`,
    hint: `correct ${file}; nothing was run with it`,
    details: { file, line: line ?? null },
  })
}

function describeProblem(problem: Problem): string {
  const nearest = problem.suggestion === undefined ? '' : ` (did you mean \`${problem.suggestion}\`?)`
  return `  ${problem.path === '' ? 'the whole config' : problem.path}: ${problem.message}${nearest}`
}
