import { FlightRulesError } from '../../errors.ts'
import { redactUrlCredentials } from '../../git/git-error.ts'
import type { ForgeContext } from './forge.ts'

export interface ClientResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Milliseconds a forge has to answer. */
const patience = 120_000

/** Bytes an answer may have: far more than any text a forge takes. */
const largest = 16 * 1024 * 1024

/** Runs a forge's client with arguments as they are, nothing to read from and nobody to ask. */
export async function runClient(name: 'gh' | 'glab', args: readonly string[], context: ForgeContext): Promise<ClientResult> {
  const { execa } = await import('execa')
  const limit = context.limitMs ?? patience
  const quiet = { NO_COLOR: '1', GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_PROMPT: '1', GLAB_CHECK_UPDATE: 'false' }
  const result = await execa(name, args, {
    cwd: context.cwd,
    env: { ...withoutColour(context.env), ...quiet },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: limit,
    maxBuffer: largest,
    ...(context.signal === undefined ? {} : { cancelSignal: context.signal }),
  })
  if (result.isCanceled)
    throw new FlightRulesError({ kind: 'interrupted', code: 'INTERRUPTED', message: 'interrupted', cause: result })
  if ('code' in result && (result.code === 'ENOENT' || result.code === 'EACCES')) throw clientMissing(name, result)
  const late = result.timedOut ? `\nno answer within ${Math.ceil(limit / 1000)} seconds` : ''
  return { status: result.exitCode ?? 1, stdout: result.stdout, stderr: `${result.stderr}${late}` }
}

/** The failure of a client, in its own words. */
export function clientFailure(name: 'gh' | 'glab', what: string, result: ClientResult, host: string): FlightRulesError {
  const said = redactUrlCredentials(`${result.stderr}\n${result.stdout}`.trim()).split('\n').slice(-15).join('\n')
  // gh has a status of its own for it, since 2.0
  const login =
    (name === 'gh' && result.status === 4) ||
    /auth login|HTTP 401|401 Unauthorized|Bad credentials|GITLAB_TOKEN|not been authenticated/i.test(said)
  if (!login) {
    return new FlightRulesError({
      kind: 'failed',
      code: 'FORGE_FAILED',
      message: `${name} could not ${what}: ${said || `it ended with status ${result.status} and said nothing`}`,
      hint: 'mend what it names, then run the same command again: the branch is pushed, the session is whole',
      details: { client: name, status: result.status },
    })
  }
  return new FlightRulesError({
    kind: 'failed',
    code: 'FORGE_LOGIN',
    message: `${name} is not logged in at ${host}, so it could not ${what}`,
    hint: `${name} auth login --hostname ${host}`,
    details: { client: name, host },
  })
}

function clientMissing(name: 'gh' | 'glab', cause: unknown): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'FORGE_CLI_MISSING',
    message: `the request is opened with ${name}, and there is no ${name} on PATH`,
    hint:
      name === 'gh'
        ? 'install it from https://cli.github.com, or push only'
        : 'install it from https://gitlab.com/gitlab-org/cli, or push only',
    choices: [
      { flag: '--push-only', label: 'Push the branch and print the address where the request can be opened' },
      { flag: '--strategy keep', label: 'Keep the session and integrate it later' },
    ],
    details: { client: name },
    cause,
  })
}

function withoutColour(env: Readonly<Record<string, string>>): Record<string, string> {
  const { FORCE_COLOR: _, CLICOLOR_FORCE: __, GH_FORCE_TTY: ___, ...rest } = env
  return rest
}

/** A JSON object a client printed. @throws FlightRulesError FORGE_ANSWER for anything else. */
export function requireObject(name: 'gh' | 'glab', what: string, text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (isObject(value)) return value
  throw strangeAnswer(name, what, 'it is no JSON object')
}

/** @returns never: a client said something that no version of it says. */
export function strangeAnswer(name: 'gh' | 'glab', what: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'FORGE_ANSWER',
    message: `${name} was asked to ${what}, and what it answered cannot be read: ${why}`,
    hint: `${name} --version    a newer one may answer as expected`,
    details: { client: name },
  })
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The entries of a JSON list a client printed. Anything else gives none. */
export function parseList(text: string): Record<string, unknown>[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  return Array.isArray(value) ? value.filter(isObject) : []
}
