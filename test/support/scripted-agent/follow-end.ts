import type { StatusReport } from '../../../src/sessions/session-status.ts'
import { quoteForShell } from '../../../src/files/quote-for-shell.ts'
import type { CommandFile } from './command-file.ts'
import { followSync, settleConflicts } from './follow-sync.ts'
import type { ScriptedAgent } from './scripted-agent.ts'

export interface Account {
  /** What goes into the log, by section. */
  readonly log: Readonly<Record<string, string>>
  /** A line for the progress file. */
  readonly progress: string
  readonly commit: string
}

export interface Ended {
  readonly data: Readonly<Record<string, unknown>>
  /** The command files it went by. */
  readonly files: readonly CommandFile[]
  /** Where the session was, commit by commit. */
  readonly heads: readonly string[]
}

/** Does `/dev-session.end` from the session's worktree, and what that sends the agent to. */
export async function followEnd(agent: ScriptedAgent, { log, progress, commit }: Account): Promise<Ended> {
  const file = await agent.readCommand('dev-session.end')
  const files = [file]
  const heads: string[] = []
  const noteHead = async (): Promise<void> => void heads.push((await agent.shell('git rev-parse HEAD')).trim())
  const { data } = await agent.run(file, file.take('flightrules status'))
  const session = (data as unknown as StatusReport).sessions.find(({ path }) => path === agent.directory)
  if (session === undefined) throw new Error(`no session is in ${agent.directory}`)
  const { id } = session
  await agent.shell(file.take('git log').replace('<base>', session.base))
  const isInConflict = (session.conflicts ?? []).some(({ with: other }) => other.startsWith('base:'))

  for (const line of file.takeBlock('flightrules log')) {
    const section = / --append (\S+) /.exec(line)?.[1] ?? ''
    const text = log[section]
    if (text === undefined) throw new Error(`nothing was said for ${section}`)
    await agent.run(file, line, { id, '--text': text })
  }
  const { data: shown } = await agent.run(file, file.take('flightrules config show'))
  for (const path of (shown as unknown as { config: { appendOnly: string[] } }).config.appendOnly)
    await agent.edit(path, (text) => `${text}${progress}\n`)

  if (agent.agree('commit', commit)) {
    await agent.shell(`${file.take('git add')} --all`)
    await agent.shell(`${file.take('git commit')} --quiet --message ${quoteForShell(commit)}`)
    await noteHead()
  }
  if (isInConflict && agent.agree('sync first', 'the session conflicts with its base')) {
    files.push(await followSync(agent, id))
    await noteHead()
  }

  const strategies = file.listChoices()
  const strategy = agent.choose('strategy', log['summary'] ?? '', strategies)
  const ways = [...(strategies.find(({ flag }) => flag === strategy)?.label ?? '').matchAll(/`(--[^`]+)`/g)]
  const choices = ways.map(([, flag = '']) => ({ flag, label: flag }))
  const how = choices.length === 0 ? '' : ` ${agent.choose('how', strategy, choices)}`
  const line = `${file.take('flightrules end')}${how}`
  const values = { id, '--strategy': strategy }
  let answer = await agent.run(file, line, values, [`--strategy ${strategy}`])
  if (!answer.ok && answer.error.code === 'MERGE_CONFLICTS' && agent.agree('resolve', answer.error.message)) {
    await settleConflicts(agent, file, id)
    await noteHead()
    answer = await agent.run(file, line, values, [`--strategy ${strategy}`])
  }
  if (!answer.ok) throw new Error(answer.error.message)
  return { data: answer.data, files, heads }
}
