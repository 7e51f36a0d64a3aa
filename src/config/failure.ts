/** Why a config file could not be evaluated, in words for its author. */
export interface Failure {
  readonly reason: string
  /** The file that failed where it is not the config itself, else null. */
  readonly file: string | null
  readonly line: number | null
}

/** Characters of a reason; more is no reason a person reads. */
const longest = 2000

/** The message of what was thrown, and the first line of `file` on its stack. */
export function describeFailure(error: unknown, file: string): Failure {
  const { reason, ...where } = findFailure(error, file)
  return { reason: reason.length > longest ? `${reason.slice(0, longest)} …` : reason, ...where }
}

function findFailure(error: unknown, file: string): Failure {
  if (!(error instanceof Error) && !isErrorLike(error)) return { reason: `it threw ${show(error)}`, file: null, line: null }
  const parse = /^ParseError: (.*?)\s*\n\s*(.+):(\d+):\d+\s*$/s.exec(error.message)
  if (parse !== null)
    return { reason: `syntax error: ${parse[1]}`, file: parse[2] === file ? null : (parse[2] ?? null), line: Number(parse[3]) }
  const message = error.message.split('\nRequire stack:')[0] ?? ''
  const name = error.name === 'Error' || error.name === 'NotAllowed' ? '' : `${error.name}: `
  return { reason: `${name}${message}`, file: null, line: findLine(error.stack ?? '', file) }
}

function findLine(stack: string, file: string): number | null {
  for (const line of stack.split('\n')) {
    const at = line.indexOf(`${file}:`)
    const found = at === -1 ? null : /^(\d+)/.exec(line.slice(at + file.length + 1))
    if (found !== null) return Number(found[1])
  }
  return null
}

/** Errors of another realm are no instances of this one's class. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string' && 'name' in value
}

function show(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
