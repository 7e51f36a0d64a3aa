import type { CommandSpec, Invocation, Outcome } from './command.ts'
import { openSession } from './session-argument.ts'

export const envCommand: CommandSpec = {
  name: 'env',
  summary: "print a session's ports and variables",
  arguments: [{ syntax: '[id]', description: 'the session; default: the one this directory is in' }],
  options: [{ flags: '--format <format>', description: 'how they are written', choices: ['sh', 'dotenv', 'json'] }],
  examples: ['eval "$(flightrules env auth --format sh)"', 'flightrules env --format json'],
  run: printEnv,
}

async function printEnv(invocation: Invocation): Promise<Outcome> {
  const { context, entry, findings } = await openSession(invocation, 'read')
  const { sessionEnvBlock, sessionFacts } = await import('../sessions/session-environment.ts')
  const env = {
    ...sessionEnvBlock(context, entry.session, entry.worktree.path),
    ...sessionFacts(context, entry.session, entry.worktree.path),
  }
  const { envLines } = await import('../setup/env-lines.ts')
  const format = invocation.options['format'] ?? 'sh'
  const render = format === 'json' ? asJson : format === 'dotenv' ? () => envLines(env).lines.join('\n') : asExports
  return { data: { env }, findings, view: (screen) => screen.data(render(env)) }
}

type Variables = Readonly<Record<string, string>>

function asJson(env: Variables): string {
  return JSON.stringify(env, null, 2)
}

function asExports(env: Variables): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`)
    .join('\n')
}
