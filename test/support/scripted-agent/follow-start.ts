import type { Started } from '../flightrules-project.ts'
import { type CommandFile } from './command-file.ts'
import type { ScriptedAgent } from './scripted-agent.ts'

export interface Task {
  readonly name: string
  readonly goals: readonly string[]
  readonly touch: readonly string[]
  readonly plan: string
}

/** Does `/dev-session.start`. `place` is the directory the person is told to switch to. */
export async function followStart(
  agent: ScriptedAgent,
  { name, goals, touch, plan }: Task,
): Promise<{ readonly file: CommandFile; readonly session: Started['session']; readonly place: string }> {
  const file = await agent.readCommand('dev-session.start')
  await agent.run(file, file.take('flightrules status'))
  const radar = file.take('flightrules radar')
  for (const path of touch) await agent.run(file, radar, { '--file': path })
  const modes = file.listChoices()
  const mode = agent.choose('mode', goals.join('\n'), modes)
  const typed = file.take('flightrules start')
  const shown = modes.find(({ flag }) => typed.includes(` ${flag} `))?.flag
  if (shown === undefined) throw new Error(`no mode in: ${typed}`)
  const values = { name, '--goal': goals, '--touch': touch }
  const { ok, data, error } = await agent.run(file, typed.replace(shown, mode), values)
  if (!ok) throw new Error(error.message)
  const { session, next } = data as unknown as Started
  if (agent.agree('plan', plan)) await agent.run(file, file.take('flightrules log'), { id: session.id, '--text': plan })
  const place = next.map((line) => /^cd (\S+)$/.exec(line)?.[1]).find((path) => path !== undefined)
  if (place === undefined) throw new Error(`no way to switch in: ${next.join('; ')}`)
  return { file, session, place }
}
