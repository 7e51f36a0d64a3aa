import { FlightRulesError } from '../errors.ts'

/** A git command that ended with a status its caller did not expect. */
export class GitError extends FlightRulesError {
  readonly args: readonly string[]
  readonly status: number
  readonly stderr: string

  constructor(args: readonly string[], status: number, stderr: string) {
    const said = redactUrlCredentials(stderr.trim())
    super({
      kind: 'failed',
      code: 'GIT_FAILED',
      message: `git ${args[0] ?? ''} failed with status ${status}${said === '' ? '' : `: ${said}`}`,
      details: { args: args.map(redactUrlCredentials), status, stderr: said },
    })
    this.args = args
    this.status = status
    this.stderr = stderr
  }
}

/** Takes user and password out of every URL in a text, and the tokens of forges wherever they stand. */
export function redactUrlCredentials(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#'"]*@/gi, '$1')
    .replace(/([?&](?:access_token|private_token|token|api_key)=)[^\s&'"]+/gi, '$1[redacted]')
    .replace(/\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,})/g, '[redacted]')
}
