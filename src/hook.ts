import type { HookInput } from './githooks/hook-context.ts'
import { escapeParagraph } from './ui/escape-text.ts'

/** Hooks that may never stop what git is doing. */
const harmless = new Set(['post-checkout', 'post-merge'])

/**
 * Entry of git's hooks: `flightrules hook <name> <git's arguments>`. Loads only what the hook needs.
 * A failure of ours never stops a checkout or merge; it does stop a push, because an unchecked one may leave work behind, but for
 * a git we cannot work with at all.
 */
export async function runHook(name: string, args: readonly string[]): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${escapeParagraph(line)}\n`)
  const limit = readLimit(name, process.env.FLIGHTRULES_HOOK_TIMEOUT)
  const overdue = new AbortController()
  try {
    const stream = (chunk: string): void => void process.stderr.write(chunk)
    const input = { args, cwd: currentDirectory(), env: process.env, stdin: readStdin, say, stream, signal: overdue.signal }
    process.exitCode = await Promise.race([dispatch(name, input), waitFor(limit, overdue)])
  } catch (error) {
    const hint = (error as { hint?: string }).hint
    say(`flightrules: ${name}: ${(error as Error).message}${hint === undefined ? '' : ` — ${hint}`}`)
    if (process.env.FLIGHTRULES_DEBUG === '1') say((error as Error).stack ?? '')
    const passes = harmless.has(name) || (error as { code?: string }).code === 'GIT_TOO_OLD'
    if (!passes) say('flightrules: nothing was pushed; to push without this check: git push --no-verify')
    process.exitCode = passes ? 0 : 1
    // What it waited for may never come, and an orderly exit would wait for it too: for a thread that hangs in the file system. The
    // shim makes the status what it has to be; an operation under way is finished or undone by the next command.
    if (overdue.signal.aborted) process.kill(process.pid, 'SIGKILL')
  }
}

/** Seconds a hook may hold git up. Making a worktree ready runs the project's own commands, which take as long as they take. */
function readLimit(name: string, asked: string | undefined): number {
  const seconds = Number(asked)
  if (asked !== undefined && seconds > 0) return Math.min(seconds, 86_400)
  return name === 'post-checkout' ? Infinity : 300
}

/** Rejects when the time is over; never settles where there is no limit, and keeps no process alive. */
function waitFor(seconds: number, overdue: AbortController): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (seconds === Infinity) return
    setTimeout(() => {
      const error = new Error(`it took longer than ${seconds} s and was stopped (FLIGHTRULES_HOOK_TIMEOUT)`)
      overdue.abort(error)
      reject(error)
    }, seconds * 1000).unref()
  })
}

/** A hook of a merge that took the very folder away it runs in. */
function currentDirectory(): string {
  try {
    return process.cwd()
  } catch {
    throw new Error('the current directory no longer exists')
  }
}

async function dispatch(name: string, input: HookInput): Promise<number> {
  switch (name) {
    case 'post-checkout': {
      const { postCheckout } = await import('./githooks/post-checkout.ts')
      await postCheckout(input)
      return 0
    }
    case 'post-merge': {
      const { postMerge } = await import('./githooks/post-merge.ts')
      await postMerge(input)
      return 0
    }
    case 'pre-push': {
      const { prePush } = await import('./githooks/pre-push.ts')
      return prePush(input)
    }
    default:
      input.say(`flightrules: there is no hook ${JSON.stringify(name)}; there are post-checkout, post-merge and pre-push`)
      return 2
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
