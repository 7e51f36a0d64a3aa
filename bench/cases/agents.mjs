import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure, run } from '../measure.mjs'
import { flightrules, makeRepository } from '../workspace.mjs'

/** The agents' own hooks, which are started many times a minute, where they have nothing to say. */
export async function agents(workspace, rounds) {
  const { env } = workspace
  const repository = makeRepository(workspace, 'agents', 200)
  const sessions = Array.from({ length: 10 }, (_, index) => join(repository.sessions, `s${index}`))
  for (const [index, path] of sessions.entries()) repository.git(['worktree', 'add', '--quiet', '-b', `session/s${index}`, path])
  flightrules(workspace, repository.path, 'status')
  const [own, other] = sessions
  const file = join(own, 'folder-0/file-0.txt')
  const call = (event, fields) => {
    const input = JSON.stringify({ session_id: '0b1c2d3e-0000-4000-8000-000000000000', cwd: own, ...fields })
    return () => run(process.execPath, [workspace.cli, 'agent', event], { cwd: own, env, input })
  }
  const edit = { tool_name: 'Edit', tool_input: { file_path: file, old_string: '0', new_string: '1' } }
  const cases = {
    'an edit nobody else is at': call('pre-tool-use', edit),
    'a shell command': call('pre-tool-use', { tool_name: 'Bash', tool_input: { command: 'npm test && git status | tee log' } }),
    'a tool that only reads': call('pre-tool-use', { tool_name: 'Read', tool_input: { file_path: file } }),
    'the end of a part of the work': call('subagent-stop', {}),
  }
  const input = JSON.stringify({ session_id: '0b1c2d3e-0000-4000-8000-000000000000', cwd: own, workspace: { current_dir: own } })
  const changed = join(other, 'folder-0/file-0.txt')
  let change = 0
  const times = await measure(
    {
      node: { run: () => run(process.execPath, ['-e', '0'], { env }) },
      ...Object.fromEntries(Object.entries(cases).map(([name, work]) => [name, { run: work }])),
      told: {
        run: call('pre-tool-use', edit),
        before() {
          mkdirSync(join(other, 'folder-0'), { recursive: true })
          writeFileSync(changed, `${(change += 1)}\n`)
        },
        after: () => repository.git(['checkout', '--quiet', '--', 'folder-0'], other),
      },
      start: { run: call('session-start', { source: 'startup' }) },
      line: { run: () => run(process.execPath, [workspace.cli, 'statusline'], { cwd: own, env, input }) },
      'line in main': {
        run: () => run(process.execPath, [workspace.cli, 'statusline'], { cwd: repository.path, env, input: '' }),
      },
    },
    rounds,
  )
  return [
    ...Object.keys(cases).map((name) => ({
      what: `agent's hook: ${name}, 10 sessions`,
      time: times[name],
      against: 'node -e 0',
      base: times.node,
      extra: 60,
    })),
    { what: 'statusline in a session, 10 sessions', time: times.line, against: 'node -e 0', base: times.node, extra: 60 },
    {
      what: 'statusline in the main worktree, 10 sessions',
      time: times['line in main'],
      against: 'node -e 0',
      base: times.node,
      extra: 60,
    },
    { what: "agent's hook: an edit of a file another session changes", time: times.told },
    { what: "agent's hook: a conversation begins, 10 sessions", time: times.start },
  ]
}
