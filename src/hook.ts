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
  try {
    const stream = (chunk: string): void => void process.stderr.write(chunk)
    process.exitCode = await dispatch(name, { args, cwd: currentDirectory(), env: process.env, stdin: readStdin, say, stream })
  } catch (error) {
    const hint = (error as { hint?: string }).hint
    say(`flightrules: ${name}: ${(error as Error).message}${hint === undefined ? '' : ` — ${hint}`}`)
    if (process.env.FLIGHTRULES_DEBUG === '1') say((error as Error).stack ?? '')
    const passes = harmless.has(name) || (error as { code?: string }).code === 'GIT_TOO_OLD'
    if (!passes) say('flightrules: nothing was pushed; to push without this check: git push --no-verify')
    process.exitCode = passes ? 0 : 1
  }
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
