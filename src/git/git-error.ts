import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import type { HeldLock } from './held-lock.ts'

/** A git command that ended with a status its caller did not expect. */
export class GitError extends FlightRulesError {
  readonly args: readonly string[]
  readonly status: number
  readonly stderr: string

  /** `lock`: the lock file of somebody else that stopped it. */
  constructor(args: readonly string[], status: number, stderr: string, lock?: HeldLock) {
    const said = redactUrlCredentials(stderr.trim())
    const failed = `git ${args[0] ?? ''} failed with status ${status}${said === '' ? '' : `: ${said}`}`
    super({
      kind: 'failed',
      code: 'GIT_FAILED',
      message: lock === undefined ? failed : `${failed}\n${describeLock(lock)}`,
      ...(lock === undefined ? {} : { hint: hintForLock(lock) }),
      details: {
        args: args.map(redactUrlCredentials),
        status,
        stderr: said,
        ...(lock === undefined ? {} : { lock: { ...lock } }),
      },
    })
    this.args = args
    this.status = status
    this.stderr = stderr
  }
}

function describeLock({ path, age }: HeldLock): string {
  if (age === null) return `${path} is gone by now`
  return `${path} was made ${age < 120 ? `${age} seconds` : `${Math.round(age / 60)} minutes`} ago`
}

function hintForLock({ path, age }: HeldLock): string {
  if (age === null) return 'run the command again'
  return `another git is at work, or was killed and left the file: once none works in this repository any more, rm ${quoteForShell(path)}`
}

/** Takes user and password out of every URL in a text, and the tokens of forges wherever they stand. */
export function redactUrlCredentials(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#'"]*@/gi, '$1')
    .replace(/([?&](?:access_token|private_token|token|api_key)=)[^\s&'"]+/gi, '$1[redacted]')
    .replace(/\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,})/g, '[redacted]')
}
