import { quoteForShell } from '../../../src/files/quote-for-shell.ts'
import type { CommandFile } from './command-file.ts'
import type { ScriptedAgent } from './scripted-agent.ts'

/** Does `/parallel.sync` for one session, from its worktree. */
export async function followSync(agent: ScriptedAgent, id: string): Promise<CommandFile> {
  const file = await agent.readCommand('parallel.sync')
  await agent.run(file, file.take('flightrules status'))
  await agent.look(file, file.take('flightrules sync', '--dry-run'), { id })
  await settleConflicts(agent, file, id)
  return file
}

/** Goes by the part of a file that brings a session onto its base and has what conflicts resolved. */
export async function settleConflicts(agent: ScriptedAgent, file: CommandFile, id: string): Promise<void> {
  const left = await agent.run(file, file.take('flightrules sync', '<id>'), { id })
  if (left.ok) return
  if (left.error.code !== 'CONFLICTS_LEFT') throw new Error(left.error.message)
  const { paths, operation } = left.error.details as { paths: string[]; operation: string }
  const add = file.take('git add')
  const goOn = file.take('git', `${operation} --continue`)
  const look = file.take('git status')
  for (let open = paths; open.length > 0;) {
    for (const path of open) {
      await agent.edit(path, keepBoth)
      if (!agent.agree('resolution', path)) throw new Error(`${path} was left in conflict`)
      await agent.shell(add.replace('<file>', quoteForShell(path)))
    }
    const stopped = await agent.tryShell(goOn)
    open = (await agent.shell(`${look} --porcelain`))
      .split('\n')
      .filter((line) => /^(?:U.|.U|AA|DD) /.test(line))
      .map((line) => line.slice(3))
    if (stopped !== null && open.length === 0) throw stopped
  }
  const { ok, error } = await agent.run(file, file.take('flightrules sync', '<id>'), { id })
  if (!ok) throw new Error(error.message)
}

/** Of lines both sides have changed, those of either. */
function keepBoth(text: string): string {
  return text.replaceAll(/^(?:<{7}|={7}|>{7})(?: .*)?\n/gm, '')
}
